import type { Transaction } from 'kysely'
import { z } from 'zod'
import { VigilError } from '../../shared/errors/index.ts'
import type { Archive } from '../archive/index.ts'
import type { AuditEntry } from '../audit/index.ts'
import type { Announcements, Foundation } from '../foundation.ts'
import { auditActor, type Handlers } from '../http/index.ts'
import { createDamageReports } from '../integrity/index.ts'
import { studyIndex } from '../orders/index.ts'
import { IntegrityError, type Place } from '../protection/index.ts'
import type { Queries, Schema } from '../store/index.ts'

/** Who has said that they report an exam. Epoch ms. */
export interface Claim {
  accountId: string
  since: number
  until: number
}

/**
 * Who reports which exam (认领), so that two people never begin the same report. A claim ends by itself after four hours, with the
 * signature, and where the account is disabled. Once a report is being written its draft is the lock, and the claim is whoever's
 * the draft is.
 */
export interface Claims {
  /** By blind study index; of these studies only, where they are named. One whose time is over may still be among them. */
  read(studyIndexes?: readonly string[]): Promise<Map<string, Claim>>
  /**
   * Part of the transaction in which it changes who may write a report: the claim becomes theirs; with `holder` null (signed,
   * handed in, given up) nobody's. Never refuses.
   */
  follow(
    trx: Transaction<Schema>,
    change: { studyInstanceUid: string; holder: string | null },
    actor: AuditEntry['actor'],
  ): Promise<void>
  readonly handlers: Handlers<'claimExam' | 'releaseExam'>
}

/** Who may write a report now, by its draft. */
type Holder = { holder: string | null; heldSince: number | null }

const SealedClaim = z.object({ accountId: z.string(), claimedAt: z.number(), endsAt: z.number() })
const place = (row: string): Place => ({ table: 'study_claims', column: 'sealed_claim', row })
const clickMs = 60_000
const lastsMs = 4 * 3_600_000
/** How many studies one query names at most. */
const atOnce = 500

export function createClaims(
  foundation: Pick<Foundation, 'store' | 'protection' | 'audit' | 'clock' | 'log'>,
  deps: {
    announcements: Announcements
    archive: Pick<Archive, 'study'>
    /** Who holds the drafts of these studies, by blind study index. */
    holders: (queries: Queries, studyIndexes: readonly string[]) => Promise<ReadonlyMap<string, Holder>>
    displayNames: () => Promise<ReadonlyMap<string, string>>
  },
): Claims {
  const { store, protection, audit, clock } = foundation
  const { announcements, archive, holders, displayNames } = deps
  const damage = createDamageReports(foundation)

  /** @throws IntegrityError */
  function opened(row: Schema['study_claims']): Claim {
    const sealed = SealedClaim.parse(JSON.parse(protection.open(place(row.study_index), row.sealed_claim)))
    const same =
      sealed.accountId === row.account_id &&
      sealed.claimedAt === row.claimed_at &&
      sealed.endsAt === row.ends_at
    if (!same) throw new IntegrityError(place(row.study_index))
    store.seals.check('study_claims', row)
    return { accountId: sealed.accountId, since: sealed.claimedAt, until: sealed.endsAt }
  }

  /** Of accounts that are not disabled. */
  async function claimsOf(queries: Queries, of: readonly string[] | null) {
    let query = queries
      .selectFrom('study_claims')
      .innerJoin('accounts', 'accounts.id', 'study_claims.account_id')
      .selectAll('study_claims')
      .where('accounts.disabled', '=', 0)
    if (of) query = query.where('study_claims.study_index', 'in', of)
    const claims = new Map<string, Claim>()
    const damaged: Place[] = []
    for (const row of await query.execute()) {
      try {
        claims.set(row.study_index, opened(row))
      } catch (error) {
        // Nobody must be kept from an exam by a claim that cannot be read.
        damaged.push(error instanceof IntegrityError ? error.place : place(row.study_index))
      }
    }
    return { claims, damaged }
  }

  /** Whose the exam is: by the draft where there is one, else by a claim whose time is not over. */
  async function standing(queries: Queries, index: string) {
    const held = (await holders(queries, [index])).get(index)
    const { claims, damaged } = await claimsOf(queries, [index])
    const claim = claims.get(index) ?? null
    const draft = held?.holder ? { accountId: held.holder, since: held.heldSince ?? 0 } : null
    return { draft, claim: claim && claim.until > clock() ? claim : null, damaged }
  }

  async function write(
    trx: Transaction<Schema>,
    index: string,
    accountId: string,
    damaged: readonly Place[],
  ): Promise<void> {
    // A row that was damaged would stay so, whatever is written into it.
    if (damaged.length > 0) await trx.deleteFrom('study_claims').where('study_index', '=', index).execute()
    const claimedAt = clock()
    const endsAt = claimedAt + lastsMs
    const sealed: z.infer<typeof SealedClaim> = { accountId, claimedAt, endsAt }
    const row = {
      study_index: index,
      account_id: accountId,
      sealed_claim: protection.seal(place(index), JSON.stringify(sealed)),
      claimed_at: claimedAt,
      ends_at: endsAt,
    }
    await trx
      .insertInto('study_claims')
      .values(row)
      .onConflict((conflict) => conflict.column('study_index').doUpdateSet(row))
      .execute()
  }

  const note = (
    trx: Transaction<Schema>,
    action: string,
    index: string,
    actor: AuditEntry['actor'],
    detail: Record<string, unknown> = {},
  ) =>
    audit.append(trx, {
      action,
      outcome: 'success',
      actor,
      object: { kind: 'study', id: index },
      detail,
    })

  const nameOf = async (accountId: string) => (await displayNames()).get(accountId) ?? ''

  async function claim(
    study: string,
    accountId: string,
    takeOver: boolean,
    actor: AuditEntry['actor'],
  ): Promise<void> {
    const index = studyIndex(protection, study)
    const outcome = await store.transaction(async (trx) => {
      const { draft, claim: before, damaged } = await standing(trx, index)
      // A draft passes by the report's own way (take-over), which keeps its text.
      if (draft && draft.accountId !== accountId)
        return { refused: 'report-locked-by-other' as const, by: draft, damaged }
      const other = before && before.accountId !== accountId ? before : null
      if (other && !takeOver) return { refused: 'exam-claimed' as const, by: other, damaged }
      const age = before ? clock() - before.since : 0
      // The same click twice.
      if (before && !other && age >= 0 && age < clickMs) return { refused: null, damaged }
      // Asked again later, it begins anew.
      await write(trx, index, accountId, damaged)
      if (other) await note(trx, 'exam.claim-taken-over', index, actor, { from: other.accountId })
      else await note(trx, 'exam.claimed', index, actor)
      return { refused: null, damaged }
    })
    for (const at of outcome.damaged) await damage.report(at)
    if (outcome.refused)
      throw new VigilError(outcome.refused, {
        name: await nameOf(outcome.by.accountId),
        since: outcome.by.since,
      })
    announcements.announce({ kind: 'worklist-changed' })
  }

  async function release(study: string, accountId: string, actor: AuditEntry['actor']): Promise<void> {
    const index = studyIndex(protection, study)
    const released = await store.transaction(async (trx) => {
      const { draft } = await standing(trx, index)
      // Whose draft it is, reports it: the draft has to be given up first.
      if (draft?.accountId === accountId) return false
      const result = await trx
        .deleteFrom('study_claims')
        .where('study_index', '=', index)
        .where('account_id', '=', accountId)
        .executeTakeFirst()
      if (result.numDeletedRows === 0n) return false
      await note(trx, 'exam.released', index, actor)
      return true
    })
    if (released) announcements.announce({ kind: 'worklist-changed' })
  }

  return {
    async read(studyIndexes) {
      const found = new Map<string, Claim>()
      const parts = studyIndexes ? Math.ceil(studyIndexes.length / atOnce) : 1
      for (let part = 0; part < parts; part++) {
        const of = studyIndexes?.slice(part * atOnce, (part + 1) * atOnce) ?? null
        const { claims, damaged } = await claimsOf(store.db, of)
        for (const at of damaged) await damage.report(at)
        for (const [index, claim] of claims) found.set(index, claim)
      }
      return found
    },

    async follow(trx, { studyInstanceUid, holder }, actor) {
      const index = studyIndex(protection, studyInstanceUid)
      if (holder === null) {
        await trx.deleteFrom('study_claims').where('study_index', '=', index).execute()
        return
      }
      const { claim: before, damaged } = await standing(trx, index)
      if (before?.accountId === holder) return
      await write(trx, index, holder, damaged)
      if (before)
        await note(trx, 'exam.claim-taken-over', index, actor, { from: before.accountId, to: holder })
    },

    handlers: {
      async claimExam({ principal, params, body, address }) {
        await archive.study(params.study)
        await claim(params.study, principal.accountId, body.takeOver, auditActor(principal, address))
        return {}
      },
      async releaseExam({ principal, params, address }) {
        await release(params.study, principal.accountId, auditActor(principal, address))
        return {}
      },
    },
  }
}
