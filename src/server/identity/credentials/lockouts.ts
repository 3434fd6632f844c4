import type { Transaction } from 'kysely'
import { VigilError } from '../../../shared/errors/index.ts'
import type { Foundation } from '../../foundation.ts'
import { type Queries, type Schema, whole } from '../../store/index.ts'
import {
  type DelayRules,
  givenBack,
  isQuiet,
  type Lockout,
  nextLockout,
  onThisClock,
} from './lockout-rules.ts'

/** Whom a wrong entry counts against. */
export interface Suspects {
  /** The blind index of the login name, whether an account has it or not; absent where none was named. */
  loginIndex?: string
  workstationId: string
}

export interface Verdict {
  good: boolean
  /** Until when this wrong entry holds off the next; null where it does not. */
  lockedUntil: number | null
}

/**
 * Wrong passwords and codes hold off the next ones, by account and by workstation. Kept in the database, so that a restart
 * or another gateway starts nobody anew.
 */
export interface Lockouts {
  /** @throws VigilError `locked-out {retryAt}` where a delay is running. */
  mustBeOpen(suspects: Suspects): Promise<void>
  /**
   * Has `check` look at an entry. It is counted as wrong before it is looked at, so that many at once get no more tries than
   * one after another; a good entry clears the account's count and takes itself out of the workstation's, and one whose
   * `check` throws was not looked at and counts for nothing. While a delay is running nothing is looked at, and the delay
   * does not grow. @throws VigilError `locked-out {retryAt}`, and what `check` throws.
   */
  attempt(suspects: Suspects, check: () => Promise<boolean>): Promise<Verdict>
  /** Within a caller's transaction: the account's entries are looked at again. */
  clearAccount(trx: Transaction<Schema>, loginIndex: string): Promise<void>
}

const accountSubject = (loginIndex: string) => `account:${loginIndex}`

interface Subject {
  subject: string
  rules: DelayRules
  /** Forgets by itself after a quiet time. */
  fades: boolean
}

export function createLockouts({ store, policies, clock }: Foundation): Lockouts {
  function subjectsOf({ loginIndex, workstationId }: Suspects): Subject[] {
    const { account, workstation } = policies.current().lockout
    const place = { subject: `workstation:${workstationId}`, rules: workstation, fades: true }
    if (loginIndex === undefined) return [place]
    return [{ subject: accountSubject(loginIndex), rules: account, fades: false }, place]
  }

  /** The latest end of the delays that are running. @throws VigilError where there is one. */
  function mustNotBeLocked(lockouts: readonly (Lockout | null)[]): void {
    const now = clock()
    const retryAt = Math.max(0, ...lockouts.map((lockout) => lockout?.lockedUntil ?? 0))
    if (retryAt > now) throw new VigilError('locked-out', { retryAt })
  }

  /** What is stored, on this clock; what a clock that was set back changes is written, so that it changes once. */
  async function standing(
    trx: Transaction<Schema>,
    subjects: readonly Subject[],
  ): Promise<(Lockout | null)[]> {
    const lockouts: (Lockout | null)[] = []
    for (const { subject } of subjects) {
      const stored = await read(trx, subject)
      const lockout = stored && onThisClock(stored, clock())
      if (lockout && lockout !== stored) await write(trx, subject, lockout)
      lockouts.push(lockout)
    }
    return lockouts
  }

  async function mustBeOpen(suspects: Suspects): Promise<void> {
    mustNotBeLocked(await store.transaction((trx) => standing(trx, subjectsOf(suspects))))
  }

  /** Counts one failure for each. @throws VigilError `locked-out`; nothing is counted then. */
  async function reserve(suspects: Suspects): Promise<void> {
    const subjects = subjectsOf(suspects)
    const now = clock()
    await store.transaction(async (trx) => {
      const before = await standing(trx, subjects)
      mustNotBeLocked(before)
      for (const [i, { subject, rules, fades }] of subjects.entries()) {
        const lockout = before[i] ?? null
        const counted = lockout && fades && isQuiet(lockout, now, rules) ? null : lockout
        await write(trx, subject, nextLockout(counted, now, rules))
      }
    })
  }

  const takeBack = (subjects: readonly Subject[]) =>
    store.transaction(async (trx) => {
      for (const { subject, rules } of subjects) {
        const lockout = await read(trx, subject)
        if (lockout) await write(trx, subject, givenBack(lockout, rules))
      }
    })

  async function cleared(suspects: Suspects): Promise<void> {
    const { loginIndex } = suspects
    await store.transaction(async (trx) => {
      if (loginIndex !== undefined) await remove(trx, accountSubject(loginIndex))
      const place = subjectsOf({ workstationId: suspects.workstationId })[0]
      const lockout = place && (await read(trx, place.subject))
      if (place && lockout) await write(trx, place.subject, givenBack(lockout, place.rules))
    })
  }

  async function lockedUntil(suspects: Suspects): Promise<number | null> {
    const ends: number[] = []
    for (const { subject } of subjectsOf(suspects))
      ends.push((await read(store.db, subject))?.lockedUntil ?? 0)
    const latest = Math.max(...ends)
    return latest > clock() ? latest : null
  }

  return {
    mustBeOpen,
    async attempt(suspects, check) {
      // On its own, so that what it writes stands though it refuses.
      await mustBeOpen(suspects)
      await reserve(suspects)
      let good: boolean
      try {
        good = await check()
      } catch (error) {
        await takeBack(subjectsOf(suspects))
        throw error
      }
      if (!good) return { good, lockedUntil: await lockedUntil(suspects) }
      await cleared(suspects)
      return { good, lockedUntil: null }
    },
    clearAccount: (trx, loginIndex) => remove(trx, accountSubject(loginIndex)),
  }
}

async function read(db: Queries, subject: string): Promise<Lockout | null> {
  const row = await whole(db)
    .selectFrom('lockouts')
    .selectAll()
    .where('subject', '=', subject)
    .executeTakeFirst()
  return row
    ? { failures: row.failures, lastFailureAt: row.last_failure_at, lockedUntil: row.locked_until }
    : null
}

async function write(trx: Transaction<Schema>, subject: string, lockout: Lockout): Promise<void> {
  const values = {
    failures: lockout.failures,
    last_failure_at: lockout.lastFailureAt,
    locked_until: lockout.lockedUntil,
  }
  await trx
    .insertInto('lockouts')
    .values({ subject, ...values })
    .onConflict((conflict) => conflict.column('subject').doUpdateSet(values))
    .execute()
}

async function remove(trx: Transaction<Schema>, subject: string): Promise<void> {
  await trx.deleteFrom('lockouts').where('subject', '=', subject).execute()
}
