import type { AlertState, Clinician, RecordedEvent } from '../../shared/alert/index.ts'

/** A station of an alert's way; `check` and `withdrawn` only where it passes them. */
export type StepName = 'check' | 'sent' | 'delivered' | 'received' | 'handled' | 'closed' | 'withdrawn'

/** Who or what a station is about, as far as the record says. */
export type StepFact =
  | { kind: 'checked'; by: string; twice: boolean }
  | { kind: 'unchecked' }
  | { kind: 'received'; by: string; role: Clinician['role']; readBack: boolean; phone: boolean }
  | { kind: 'handled'; by: string; measure: string }
  | { kind: 'closed'; by: string | null }
  | { kind: 'withdrawn'; by: string }

export interface Step {
  name: StepName
  /** `now` is what is waited for, `skipped` was passed without, `failed` was given up by a hospital system. */
  mark: 'done' | 'now' | 'later' | 'skipped' | 'failed'
  /** Epoch ms by the gateway's clock; null where it has not been, or where only the events would say. */
  at: number | null
  fact: StepFact | null
}

const way = ['sent', 'delivered', 'received', 'handled', 'closed'] as const

/** Where an alert stands, station by station; with its events also who, when and what. */
export function progressOf(state: AlertState, events: readonly RecordedEvent[] = []): Step[] {
  const facts = factsOf(events)
  const at: Record<StepName, number | null> = {
    check: facts.check?.at ?? null,
    sent: state.releasedAt,
    delivered: state.deliveredAt,
    received: state.receivedAt,
    handled: state.handledAt,
    closed: facts.closed?.at ?? null,
    withdrawn: state.withdrawnAt,
  }
  const isDone = (name: StepName) => at[name] !== null || (name === 'closed' && state.status === 'closed')
  const lastDone = way.findLastIndex(isDone)
  const over = state.status === 'withdrawn'
  const awaited = over || state.status === 'awaiting-check' ? -1 : lastDone + 1
  const step = (name: StepName, mark: Step['mark']): Step => ({
    name,
    mark,
    at: at[name],
    fact: facts[name]?.fact ?? null,
  })
  const stations = way.map((name, index): Step => {
    if (isDone(name)) return step(name, 'done')
    if (name === 'delivered' && state.refused && !over) return step(name, 'failed')
    // What waits for its check is still to go out, whatever was telephoned meanwhile.
    if (index < lastDone && state.status !== 'awaiting-check') return step(name, 'skipped')
    return step(name, index === awaited ? 'now' : 'later')
  })
  return [
    ...(state.status === 'awaiting-check'
      ? [step('check', 'now')]
      : facts.check
        ? [step('check', facts.check.fact.kind === 'unchecked' ? 'skipped' : 'done')]
        : []),
    ...(over ? stations.filter(({ mark }) => mark === 'done') : stations),
    ...(over ? [step('withdrawn', 'done')] : []),
  ]
}

/** The first event that brought each station about; a later one changes nothing. */
function factsOf(events: readonly RecordedEvent[]) {
  const facts: Partial<Record<StepName, { at: number; fact: StepFact }>> = {}
  for (const { event, recordedAt: at } of events) {
    switch (event.kind) {
      case 'checked':
        facts.check ??= { at, fact: { kind: 'checked', by: event.by.name, twice: event.twice } }
        break
      case 'released':
        if (event.unchecked) facts.check ??= { at, fact: { kind: 'unchecked' } }
        break
      case 'received': {
        const { by, readBack, source } = event
        const phone = source === 'phone'
        facts.received ??= { at, fact: { kind: 'received', by: by.name, role: by.role, readBack, phone } }
        break
      }
      case 'called': {
        const { called, readBack } = event
        const fact = { kind: 'received', by: called.name, role: called.role, readBack, phone: true } as const
        if (event.reached) facts.received ??= { at, fact }
        break
      }
      case 'handled':
        facts.handled ??= { at, fact: { kind: 'handled', by: event.by.name, measure: event.measure } }
        break
      case 'closed':
        facts.closed ??= { at, fact: { kind: 'closed', by: event.by?.name ?? null } }
        break
      case 'withdrawn':
        facts.withdrawn ??= { at, fact: { kind: 'withdrawn', by: event.by.name } }
        break
    }
  }
  return facts
}
