import type { ErrorFacts } from '../../../../src/shared/errors/index.ts'
import type { SecurityPolicy } from '../../../../src/shared/policy/index.ts'
import { minute, type Row, type Stage } from '../stage.ts'

/** The account is in session at another workstation. */
const elsewhere = (name: string, secondSession: 'refuse' | 'take-over', takeOver: boolean): Row => {
  const accepted = secondSession === 'take-over' && takeOver
  return {
    name,
    ...(accepted ? {} : { code: 'session-elsewhere' as const }),
    async given(stage) {
      await stage.policy((policy) => {
        policy.session.secondSession = secondSession
      })
      const person = await stage.person()
      const first = await stage.session(person)
      const since = stage.clock()
      stage.advance(1000)
      const second = await stage.workstation()
      return {
        act: () => stage.enter(person, takeOver ? { takeOver } : {}, second),
        whose: person.accountId,
        facts: { workstation: stage.place.name, since, mayTakeOver: secondSession === 'take-over' },
        audited: accepted ? { replaced: first.id } : { accountId: person.accountId },
        async afterwards() {
          const { end_reason, taken_over_by } = await stage.sessionRow(first.id)
          const seen = accepted ? ['taken-over', second.name] : [null, null]
          if (end_reason !== seen[0] || taken_over_by !== seen[1]) throw new Error(`${end_reason}`)
        },
      }
    },
  }
}

/** Somebody else is in session, and there is no place for another. */
const capped = (
  name: string,
  facts: ErrorFacts,
  cap: (caps: SecurityPolicy['session']['caps']) => void,
  more: { emergency?: boolean; sameDesk?: boolean } = {},
): Row => ({
  name,
  ...(more.emergency ? {} : { code: 'session-cap' as const }),
  async given(stage) {
    await stage.session(await stage.person(), more.sameDesk ? stage.place : await stage.workstation())
    const person = await stage.person()
    if (more.emergency) await stage.set(person.accountId, { emergency: 1 })
    await stage.policy((policy) => cap(policy.session.caps))
    return { act: () => stage.enter(person), whose: person.accountId, facts }
  },
})

/** A person asks for the place of the session that stands on the same screen. */
const switching = (
  name: string,
  refused: boolean,
  more: { locked?: boolean; elsewhere?: boolean; unknown?: boolean },
): Row => ({
  name,
  ...(refused ? { code: 'conflict' as const } : {}),
  async given(stage) {
    const place = more.elsewhere ? await stage.workstation() : stage.place
    const first = await stage.session(await stage.person(), place)
    if (more.locked) await first.channel.call('lock')
    const person = await stage.person()
    const replaces = more.unknown ? crypto.randomUUID() : first.id
    return {
      act: () => stage.enter(person, { replaces }),
      whose: person.accountId,
      facts: { field: 'replaces' },
      async afterwards() {
        const { end_reason } = await stage.sessionRow(first.id)
        if (end_reason !== (refused ? null : 'switched-user')) throw new Error(`${end_reason}`)
      },
    }
  },
})

const total = (limit: number, kept: number) => (caps: SecurityPolicy['session']['caps']) => {
  caps.total = limit
  caps.emergencyPlaces = kept
}

export const sessionRows: Row[] = [
  elsewhere('the same person elsewhere, where policy refuses', 'refuse', false),
  elsewhere('the same person elsewhere, who asks to take over where policy refuses', 'refuse', true),
  elsewhere('the same person elsewhere, who did not ask to take over', 'take-over', false),
  elsewhere('the same person elsewhere, who takes over', 'take-over', true),
  {
    name: 'the same person at the same workstation again',
    async given(stage: Stage) {
      const person = await stage.person()
      const first = await stage.session(person)
      return { act: () => stage.enter(person), whose: person.accountId, audited: { replaced: first.id } }
    },
  },
  {
    name: 'the same person elsewhere, whose session is over by its silence',
    async given(stage: Stage) {
      await stage.policy((policy) => {
        policy.session.secondSession = 'refuse'
      })
      const person = await stage.person()
      await stage.session(person)
      stage.advance(4 * minute)
      const second = await stage.workstation()
      return { act: () => stage.enter(person, {}, second), whose: person.accountId }
    },
  },
  capped('no place is left on the gateway', { cap: 'total', limit: 1 }, total(1, 0)),
  capped('only the places for emergencies are left', { cap: 'total', limit: 1 }, total(2, 1)),
  capped('only the places for emergencies are left, and it is one', {}, total(2, 1), { emergency: true }),
  capped(
    'no place is left at the workstation',
    { cap: 'workstation', limit: 1 },
    (caps) => {
      caps.perWorkstation = 1
    },
    { sameDesk: true },
  ),
  capped('no place is left for the role', { cap: 'role', limit: 1, role: 'radiologist' }, (caps) => {
    caps.perRole = { radiologist: 1 }
  }),
  capped(
    'no place is left for the role, and it is an emergency',
    {},
    (caps) => {
      caps.perRole = { radiologist: 1 }
    },
    { emergency: true },
  ),
  capped('too many have signed in within the period', { cap: 'period', limit: 1, minutes: 60 }, (caps) => {
    caps.period = { signIns: 1, minutes: 60 }
  }),
  switching('the locked session at the same workstation is replaced', false, { locked: true }),
  switching('a session in use at the same workstation is to be replaced', true, {}),
  switching('a locked session at another workstation is to be replaced', true, {
    locked: true,
    elsewhere: true,
  }),
  switching('a session that is none is to be replaced', true, { locked: true, unknown: true }),
]
