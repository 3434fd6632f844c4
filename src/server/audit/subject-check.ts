import { setImmediate as pause } from 'node:timers/promises'
import { CompiledQuery } from 'kysely'
import type { Protection } from '../protection/index.ts'
import type { Queries } from '../store/index.ts'
import type { Fault } from './chain-walk.ts'
import type { readDetail } from './detail.ts'
import { countSubjects, type Subject, subjectIndex, subjectsOf } from './subjects.ts'

const mostKnown = 50_000

/** A record and what it names. */
export type NamedRow = { seq: number } & Pick<ReturnType<typeof readDetail>, 'actor' | 'object' | 'about'>

/** First characters of a key in `audit_subjects` (base64url), by which it is read in parts. */
const parts = [...'-0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz']

/** Holds the look-up index against the records: all that each names has to be there, and nothing else. */
export function createIndexCheck(deps: { db: Queries; protection: Protection }) {
  const { db, protection } = deps
  /** How many keys each record has, by its number. */
  const expected: number[] = []
  let total = 0
  /** The same people, rooms and patients come again and again. */
  const known = new Map<string, string>()
  const indexOf = (subject: Subject): string => {
    const key = `${subject.kind}:${subject.id}`
    const index = known.get(key) ?? subjectIndex(protection, subject)
    if (known.size >= mostKnown) known.clear()
    known.set(key, index)
    return index
  }

  return {
    /** Of rows whose chain holds. */
    async faultsOf(rows: readonly NamedRow[]): Promise<Fault[]> {
      const named = rows.map((row) => ({
        seq: row.seq,
        subjects: [...new Set(subjectsOf(row).map(indexOf))],
      }))
      for (const { seq, subjects } of named) {
        expected[seq] = subjects.length
        total += subjects.length
      }
      const pairs = named.flatMap(({ seq, subjects }) => subjects.map((subject) => [subject, seq]))
      if ((await countPairs(db, pairs)) === pairs.length) return []
      const faults: Fault[] = []
      for (const { seq, subjects } of named) {
        if ((await countSubjects(db, seq, subjects)) < subjects.length)
          faults.push({ seq, fault: 'unindexed' })
      }
      return faults
    },

    /** Entries that no record asked for; the first record that has one. */
    async strangers(before: number): Promise<Fault[]> {
      let found = 0
      for (const part of parts) found += await countPart(db, part, before)
      if (found <= total) return []
      const counted = new Map<number, number>()
      for (const part of parts) {
        for (const seq of await seqsOf(db, part, before)) counted.set(seq, (counted.get(seq) ?? 0) + 1)
        await pause()
      }
      const strange = [...counted].filter(([seq, count]) => count > (expected[seq] ?? 0)).map(([seq]) => seq)
      const first = strange.reduce((least, seq) => Math.min(least, seq), Number.POSITIVE_INFINITY)
      return Number.isFinite(first) ? [{ seq: first, fault: 'unindexed' }] : []
    },
  }
}

async function countPairs(db: Queries, pairs: readonly (readonly unknown[])[]): Promise<number> {
  const { rows } = await db.executeQuery<{ found: number }>(
    CompiledQuery.raw(
      `select count(*) as found from json_each(?) named
       cross join audit_subjects on subject = named.value ->> 0 and seq = named.value ->> 1`,
      [JSON.stringify(pairs)],
    ),
  )
  return rows[0]?.found ?? 0
}

async function countPart(db: Queries, part: string, before: number): Promise<number> {
  const { rows } = await db.executeQuery<{ found: number }>(
    CompiledQuery.raw(
      'select count(*) as found from audit_subjects where subject >= ? and subject < ? and seq < ?',
      [part, after(part), before],
    ),
  )
  await pause()
  return rows[0]?.found ?? 0
}

async function seqsOf(db: Queries, part: string, before: number): Promise<number[]> {
  const { rows } = await db.executeQuery<{ seq: number }>(
    CompiledQuery.raw('select seq from audit_subjects where subject >= ? and subject < ? and seq < ?', [
      part,
      after(part),
      before,
    ]),
  )
  return rows.map(({ seq }) => seq)
}

const after = (part: string): string => String.fromCharCode(part.charCodeAt(0) + 1)
