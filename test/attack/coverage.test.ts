import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { coverage } from '../../src/server/audit/index.ts'
import type { Foundation } from '../../src/server/foundation.ts'
import { openFoundation } from '../../src/server/open-foundation.ts'
import { Role } from '../../src/shared/access/index.ts'
import type { Api } from '../../src/shared/api/index.ts'
import type { Channel } from '../server/channel.ts'
import { type ComposedGateway, composeGateway } from './composed-gateway.ts'
import { callRoute, mayCall, routes } from './routes.ts'

/**
 * The table of src/server/audit/coverage.ts, proven: each route is asked of the gateway as the product composes it, by somebody
 * who may, and what it left in the trail is what the table says, with the person, the workstation and the session.
 */
let gateway: ComposedGateway
/** Beside the gateway, on the same store. */
let beside: Foundation
beforeAll(async () => {
  gateway = await composeGateway()
  beside = await openFoundation(gateway.paths, { clock: Date.now, log: pino({ level: 'silent' }) })
})
afterAll(async () => {
  await beside.store.close()
  await gateway.remove()
})

/** These change what the others would be answered. */
const last: (keyof Api)[] = ['lock', 'signOut', 'endSession']
const names = routes.map(([name]) => name).filter((name) => !last.includes(name))
const routeOf = (name: keyof Api) => routes.find(([one]) => one === name)?.[1] as (typeof routes)[number][1]
const roleFor = (name: keyof Api) => Role.options.find((role) => mayCall(role, routeOf(name)))
const ofKind = <K extends string>(kind: K) => names.filter((name) => coverage[name].kind === kind)

const newest = async () => (await beside.audit.tail())[0]?.seq ?? 0
const recordsAfter = async (seq: number) => (await beside.audit.after(seq, 10_000)).map(({ row }) => row)

describe('the table of coverage', () => {
  it('has every route, and says why where it has no record', () => {
    expect(Object.keys(coverage).sort()).toEqual(routes.map(([name]) => name).sort())
    for (const rule of Object.values(coverage)) {
      if (rule.kind === 'none') expect(rule.why.length).toBeGreaterThan(10)
      if (rule.kind === 'changes') expect(rule.actions.length).toBeGreaterThan(0)
    }
  })

  it('gives no reason for a route that a patient, an account or a policy is changed by', () => {
    for (const name of ofKind('none'))
      expect([
        name,
        routeOf(name).method === 'GET' || ['signInChallenge', 'unlockChallenge', 'activity'].includes(name),
      ]).toEqual([name, true])
  })

  it.each(ofKind('access'))('%s is recorded: who, from where, in which session', async (name) => {
    const role = roleFor(name) as Role
    // A session of its own: what went before must not stand for it.
    const session = await gateway.session(gateway.people[role])
    const before = await newest()
    const answer = await callRoute(session.channel, name)
    const rule = coverage[name]
    if (rule.kind !== 'access') throw new Error('not here')
    const found = (await recordsAfter(before)).filter(
      ({ action, session: id }) => action === rule.action && id === session.id,
    )
    expect(found, `${name}: ${answer.status}`).toHaveLength(1)
    expect(found[0]).toMatchObject({
      actor: `account:${gateway.people[role].accountId}`,
      workstation: gateway.workstation.id,
      address: expect.stringContaining('127.0.0.1'),
      outcome: answer.status === 200 ? 'success' : 'refused',
    })
  })

  it('is kept by every change that is answered with success', async () => {
    const refused: string[] = []
    for (const name of ofKind('changes')) {
      const rule = coverage[name]
      const role = roleFor(name)
      if (rule.kind !== 'changes' || !role) continue
      const session = await gateway.session(gateway.people[role])
      const before = await newest()
      const answer = await callRoute(session.channel, name)
      if (answer.status !== 200) {
        refused.push(name)
        continue
      }
      const found = (await recordsAfter(before)).filter(({ action }) => rule.actions.includes(action))
      expect(found, name).toContainEqual(
        expect.objectContaining({
          actor: `account:${gateway.people[role].accountId}`,
          workstation: gateway.workstation.id,
          session: session.id,
        }),
      )
    }
    console.log(refused.length, refused.join(' '))
  })

  it('is why nothing is answered once the audit cannot be written', async () => {
    const open = {} as Record<Role, Channel>
    for (const role of Role.options) open[role] = (await gateway.session(gateway.people[role])).channel
    gateway.tamper((database) =>
      database.exec(
        `create trigger audit_stuck before insert on audit begin select raise(abort, 'stuck'); end`,
      ),
    )
    const answered: string[] = []
    for (const name of names) {
      const role = roleFor(name)
      if (role && (await callRoute(open[role], name)).status === 200) answered.push(name)
    }
    gateway.tamper((database) => database.exec('drop trigger audit_stuck'))
    expect(answered.filter((name) => coverage[name as keyof Api].kind !== 'none')).toEqual([])
  })
})
