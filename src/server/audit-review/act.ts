import type { Sensitivity } from '../../shared/access/index.ts'

/** One record as the rules look at it. */
export interface Act {
  seq: number
  /** Epoch ms. */
  at: number
  action: string
  outcome: 'success' | 'refused' | 'failed'
  /** Account id; empty where no person is known. */
  account: string
  /** Id; empty where the record holds none. */
  workstation: string
  /** Blind indexes of the patients that it is about. */
  patients: readonly string[]
  /** Blind index of the study, and its label where that is above general; empty and null otherwise. */
  study: string
  sensitivity: Exclude<Sensitivity, 'general'> | null
  /** Of an export: how many rows it had. */
  rows: number
}

/** What a person did on one day, for their habits. */
export interface DayOfWork {
  /** Hours (0–23) in which they did something, as bits. */
  hours: number
  /** Most different patients within the window of mass access. */
  mostPatients: number
}

/** What is usual of a person. */
export interface Habits {
  days: number
  /** Days on which they worked in each hour, 24 numbers. */
  hours: readonly number[]
  mostPatients: number
}

export function habitsOf(days: readonly DayOfWork[]): Habits {
  return {
    days: days.length,
    hours: Array.from({ length: 24 }, (_, hour) => days.filter(({ hours }) => hours & (1 << hour)).length),
    mostPatients: Math.max(0, ...days.map(({ mostPatients }) => mostPatients)),
  }
}

/** Each person's day; acts in order of time. `hourOf`: hour of the day in the hospital's time. */
export function workOf(
  acts: readonly Act[],
  { windowMs, hourOf }: { windowMs: number; hourOf: (at: number) => number },
): Map<string, DayOfWork> {
  const work = new Map<string, DayOfWork>()
  for (const [account, own] of byAccount(acts)) {
    work.set(account, {
      hours: own.reduce((bits, { at }) => bits | (1 << hourOf(at)), 0),
      mostPatients: busiestWindow(own, windowMs).patients,
    })
  }
  return work
}

/** Of people, by account id, in order of time. */
export function byAccount(acts: readonly Act[]): Map<string, Act[]> {
  const people = new Map<string, Act[]>()
  for (const act of acts) {
    if (act.account === '') continue
    const own = people.get(act.account)
    if (own) own.push(act)
    else people.set(act.account, [act])
  }
  return people
}

/**
 * The window of this length with the most different patients in what was done with success: from the first to the last act in it.
 * Of two as busy, the earlier. One pass: each act enters once and leaves once.
 */
export function busiestWindow(
  acts: readonly Act[],
  windowMs: number,
): { patients: number; acts: readonly Act[] } {
  const inside = new Map<string, number>()
  const touching = acts.filter(({ outcome, patients }) => outcome === 'success' && patients.length > 0)
  let first = 0
  let most = { patients: 0, first: 0, end: 0 }
  for (const [last, act] of touching.entries()) {
    for (const patient of act.patients) inside.set(patient, (inside.get(patient) ?? 0) + 1)
    for (let oldest = touching[first]; oldest && act.at - oldest.at >= windowMs; oldest = touching[first]) {
      for (const patient of oldest.patients) {
        const left = (inside.get(patient) ?? 0) - 1
        if (left > 0) inside.set(patient, left)
        else inside.delete(patient)
      }
      first += 1
    }
    if (inside.size > most.patients) most = { patients: inside.size, first, end: last + 1 }
  }
  return { patients: most.patients, acts: touching.slice(most.first, most.end) }
}
