import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { coverage } from '../../src/server/audit/index.ts'
import type { Foundation } from '../../src/server/foundation.ts'
import { openFoundation } from '../../src/server/open-foundation.ts'
import { Role } from '../../src/shared/access/index.ts'
import { type Api, fillPath } from '../../src/shared/api/index.ts'
import type { Order } from '../../src/shared/order/index.ts'
import { SecurityPolicy } from '../../src/shared/policy/index.ts'
import type { Channel } from '../server/channel.ts'
import { type ComposedGateway, composeGateway } from './composed-gateway.ts'
import { ordersOf, params } from './patient.ts'
import { bodyOf, callRoute, mayCall, routes } from './routes.ts'

/**
 * The table of src/server/audit/coverage.ts, proven: each route is asked of the gateway as the product composes it, by somebody
 * who may, and what it left in the trail is what the table says, with the person, the workstation and the session.
 */
let gateway: ComposedGateway
/** Beside the gateway, on the same store. */
let beside: Foundation
beforeAll(async () => {
  gateway = await composeGateway()
  const person = await gateway.addPerson('login.of.spare', '备用', ['technologist'])
  const { id } = await gateway.addWorkstation('spare')
  spare = { account: person.accountId, workstation: id }
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
/** Who begins a gateway is disabled once there are officers who act. */
const people = Role.options.filter((role) => role !== 'bootstrap-administrator')
const roleFor = (name: keyof Api) => people.find((role) => mayCall(role, routeOf(name)))
const ofKind = <K extends string>(kind: K) => names.filter((name) => coverage[name].kind === kind)

/** As a client of it would; with what its query cannot be without. */
const queries: Partial<Record<keyof Api, string>> = {
  anomalies: '?from=0&to=1',
  searchReports: '?from=0&to=1&keyword=x',
  missedFindings: '?from=0&to=1',
  alertStatistics: '?from=0&to=1&by=type',
}
/** Somebody and something for the officers to act on, instead of nobody. */
let spare: { account: string; workstation: string }
const spareId = (name: keyof Api): string | undefined =>
  routeOf(name).path.startsWith('/v1/administration/accounts/:id')
    ? spare.account
    : routeOf(name).path.startsWith('/v1/administration/workstations/:id')
      ? spare.workstation
      : undefined
/** Bodies that do something, where those of the other tests are made to do nothing. */
const effective: Partial<Record<keyof Api, unknown>> = {
  saveDraft: { text: { findings: '双肺清晰。', impression: '' }, baseRevision: 0 },
  createAccount: { loginName: 'login.of.nobody.else', displayName: 'New' },
  enterOrder: (({ orderedAt: _, ...order }) => ({ ...order, accessionNumber: 'TYPED-1' }))(
    ordersOf()[1] as Order,
  ),
  changePolicy: {
    policy: SecurityPolicy.parse({ session: { caps: { perWorkstation: 20 } } }),
    baseVersion: 1,
  },
}
const ask = async (channel: Channel, name: keyof Api) => {
  const id = spareId(name)
  if (queries[name] === undefined && id === undefined && !(name in effective)) return callRoute(channel, name)
  const route = routeOf(name)
  const path = fillPath(route.path, id === undefined ? params : { ...params, id })
  return channel.send(
    route.method,
    `${path}${queries[name] ?? ''}`,
    name in effective ? { body: effective[name] } : bodyOf(name),
  )
}
/** With the attack tests' patient as they are, there is nothing that these could change. */
const nothingToDo = ['breakGlass', 'discardDraft', 'releaseExam', 'examDone', 'enableAccount']
/** What they act on takes a whole flow to come to, or another owner's key: the tests of that flow look for its record. */
const ofAFlow = new Set(
  `unlock unlockFallback changeLabelRules revealIdentity reviewGlassBreak signOff submitReport recallReport takeReview
  releaseReview rejectReport takeOverDraft recordReportPrint beginDictionaryDraft saveDictionaryDraft
  discardDictionaryDraft beginDryRun sendTestAlert resumeTarget replayDeadLetter quarantinedMessage replayQuarantined
  discardQuarantined changePassword beginTotp bindCertificate revokeCertificate auditedReport reviewAnomaly
  auditReportFile reviewAuditReport acknowledgeAlarm runBackup runDrill`.split(/\s+/),
)

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
    const answer = await ask(session.channel, name)
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
    const idle: string[] = []
    for (const name of ofKind('changes')) {
      const rule = coverage[name]
      const role = roleFor(name)
      if (rule.kind !== 'changes' || !role) continue
      const session = await gateway.session(gateway.people[role])
      const before = await newest()
      const answer = await ask(session.channel, name)
      const found = (await recordsAfter(before)).filter(({ action }) => rule.actions.includes(action))
      if (found.length === 0) (answer.status === 200 ? idle : refused).push(name)
      for (const record of found)
        expect(record, name).toMatchObject({
          actor: `account:${gateway.people[role].accountId}`,
          workstation: gateway.workstation.id,
          session: session.id,
        })
    }
    expect(refused.filter((name) => !ofAFlow.has(name))).toEqual([])
    expect(idle.filter((name) => !nothingToDo.includes(name))).toEqual([])
  })

  /** What changes something is proven in unwritable-audit.test.ts. */
  it('is why nothing is told once the audit cannot be written', async () => {
    const open = {} as Record<Role, Channel>
    for (const role of people) open[role] = (await gateway.session(gateway.people[role])).channel
    gateway.tamper((database) =>
      database.exec(
        `create trigger audit_stuck before insert on audit begin select raise(abort, 'stuck'); end`,
      ),
    )
    const answered: string[] = []
    try {
      for (const name of names) {
        const role = roleFor(name)
        if (coverage[name].kind !== 'access') continue
        if (role && (await ask(open[role], name)).status === 200) answered.push(name)
      }
    } finally {
      gateway.tamper((database) => database.exec('drop trigger audit_stuck'))
    }
    expect(answered).toEqual([])
  })
})
