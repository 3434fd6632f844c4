import { z } from 'zod'
import { Sensitivity } from '../../shared/access/index.ts'
import type { AuditEntry } from '../audit/index.ts'
import type { Foundation } from '../foundation.ts'
import { createDamageReports } from '../integrity/index.ts'
import { IntegrityError, type Place } from '../protection/index.ts'
import type { Schema } from '../store/index.ts'

const Break = z.object({
  accountId: z.string(),
  sessionId: z.string(),
  studyIndex: z.string(),
  reason: z.string(),
  endsAt: z.number(),
  /** What who reviews it goes by; absent in what was broken before reviews were. */
  workstationId: z.string().optional(),
  accessionNumber: z.string().default(''),
  sensitivity: Sensitivity.default('highly-sensitive'),
})

const place = (row: string): Place => ({ table: 'glass_breaks', column: 'sealed_break', row })
/** Sessions that are remembered; beyond it the store is asked again. */
const mostSessions = 2000

/** `accessionNumber` and `sensitivity` are for who reviews it: whose exam it is they need not know. */
export type Opened = { accountId: string; sessionId: string; studyIndex: string; reason: string } & Partial<
  Pick<z.infer<typeof Break>, 'accessionNumber' | 'sensitivity'>
>

/** `toReview`: whether a review is asked for; of what was broken before there were reviews, none is. */
export type BrokenOnce = Omit<z.infer<typeof Break>, 'studyIndex' | 'workstationId'> & {
  id: string
  at: number
  workstationId: string
  toReview: boolean
}

/** Labelled studies that sessions opened all the same (紧急访问). What one session opened is closed to every other. */
export interface BrokenGlass {
  /** Ends after the policy's hours; with the session, because no other has its id. */
  break(opened: Opened, actor: AuditEntry['actor']): Promise<{ id: string; until: number }>
  /** All there are, for who reviews them. A damaged one is reported, and left out. */
  read(): Promise<BrokenOnce[]>
  /** Blind indexes of the studies that are open to the session now. Read from the store once a session, then from memory. */
  openTo(sessionId: string): Promise<ReadonlySet<string>>
  /** Whether it is open; the store is asked again before it says no, since another gateway may have been told. */
  isOpenTo(sessionId: string, studyIndex: string): Promise<boolean>
}

export function createBrokenGlass(
  foundation: Pick<Foundation, 'store' | 'protection' | 'audit' | 'clock' | 'random' | 'log' | 'policies'>,
): BrokenGlass {
  const { store, protection, audit, clock, random, policies } = foundation
  const damage = createDamageReports(foundation)
  /** When each study that a session opened closes again, by session. */
  const known = new Map<string, Map<string, number>>()

  /** Null for a row that was changed: it opens nothing. */
  async function opened(row: Schema['glass_breaks']): Promise<z.infer<typeof Break> | null> {
    try {
      const sealed = Break.parse(JSON.parse(protection.open(place(row.id), row.sealed_break)))
      const same =
        sealed.accountId === row.account_id &&
        sealed.sessionId === row.session_id &&
        sealed.studyIndex === row.study_index &&
        sealed.endsAt === row.ends_at
      store.seals.check('glass_breaks', row)
      if (same) return sealed
      await damage.report(place(row.id))
      return null
    } catch (error) {
      await damage.report(error instanceof IntegrityError ? error.place : place(row.id))
      return null
    }
  }

  async function load(sessionId: string): Promise<Map<string, number>> {
    const rows = await store.db
      .selectFrom('glass_breaks')
      .selectAll()
      .where('session_id', '=', sessionId)
      .where('ends_at', '>', clock())
      .execute()
    const studies = new Map<string, number>()
    for (const row of rows) {
      const broken = await opened(row)
      if (broken) studies.set(broken.studyIndex, Math.max(broken.endsAt, studies.get(broken.studyIndex) ?? 0))
    }
    if (known.size >= mostSessions) known.clear()
    known.set(sessionId, studies)
    return studies
  }

  const isOpen = (studies: Map<string, number>, studyIndex: string) =>
    (studies.get(studyIndex) ?? 0) > clock()

  return {
    async break({ accountId, sessionId, studyIndex, reason, ...about }, actor) {
      const brokenAt = clock()
      const endsAt = brokenAt + policies.current().access.glassHours * 3_600_000
      const id = Buffer.from(random(12)).toString('base64url')
      const sealed: z.infer<typeof Break> = {
        accountId,
        sessionId,
        studyIndex,
        reason,
        endsAt,
        workstationId: actor.workstationId ?? '',
        accessionNumber: about.accessionNumber ?? '',
        sensitivity: about.sensitivity ?? 'highly-sensitive',
      }
      await store.transaction(async (trx) => {
        await trx
          .insertInto('glass_breaks')
          .values({
            id,
            account_id: accountId,
            session_id: sessionId,
            study_index: studyIndex,
            sealed_break: protection.seal(place(id), JSON.stringify(sealed)),
            broken_at: brokenAt,
            ends_at: endsAt,
          })
          .execute()
        await audit.append(trx, {
          action: 'study.glass-broken',
          outcome: 'success',
          actor,
          object: { kind: 'study', id: studyIndex },
          detail: {
            reason,
            session: sessionId,
            until: endsAt,
            ...(about.sensitivity ? { sensitivity: about.sensitivity } : {}),
          },
        })
      })
      await load(sessionId)
      return { id, until: endsAt }
    },

    async read() {
      const rows = await store.db.selectFrom('glass_breaks').selectAll().orderBy('broken_at').execute()
      const found: BrokenOnce[] = []
      for (const row of rows) {
        const broken = await opened(row)
        if (!broken) continue
        const { workstationId } = broken
        found.push({
          ...broken,
          id: row.id,
          at: row.broken_at,
          workstationId: workstationId ?? '',
          toReview: workstationId !== undefined,
        })
      }
      return found
    },

    async openTo(sessionId) {
      const studies = known.get(sessionId) ?? (await load(sessionId))
      return new Set([...studies.keys()].filter((index) => isOpen(studies, index)))
    },

    async isOpenTo(sessionId, studyIndex) {
      const studies = known.get(sessionId)
      if (studies && isOpen(studies, studyIndex)) return true
      return isOpen(await load(sessionId), studyIndex)
    },
  }
}
