import type { Transaction } from 'kysely'
import { z } from 'zod'
import { VigilError } from '../../shared/errors/index.ts'
import { type Amendment, DraftAmendment, type ReportDraft, ReportText } from '../../shared/report/index.ts'
import type { AuditEntry } from '../audit/index.ts'
import type { Foundation } from '../foundation.ts'
import { studyIndex } from '../orders/index.ts'
import { IntegrityError, type Place } from '../protection/index.ts'
import type { Schema } from '../store/index.ts'
import { ensureReport, type Held, heldByOther, reportIdOf, standingOf } from './standing.ts'
import { readVersions } from './versions.ts'

/** What a draft row seals: the text, and whose it is and which revision, so that those cannot be changed beside it. */
const SealedDraft = z.object({
  accountId: z.string(),
  revision: z.int(),
  text: ReportText,
  amendment: DraftAmendment.optional(),
})

/** What somebody writes: the text and, over a signed report, what the new version is for. */
export interface Written {
  text: ReportText
  amendment?: DraftAmendment | undefined
}

const place = (row: string): Place => ({ table: 'report_drafts', column: 'sealed_text', row })

/** One person's draft of a report, saved as they type. */
export function createDrafts(foundation: Pick<Foundation, 'store' | 'protection' | 'audit' | 'clock'>) {
  const { store, protection, audit, clock } = foundation

  /** @throws IntegrityError where the stored draft was changed. */
  function open(row: Schema['report_drafts']): ReportDraft {
    const sealed = SealedDraft.parse(JSON.parse(protection.open(place(row.report_id), row.sealed_text)))
    if (sealed.accountId !== row.account_id || sealed.revision !== row.revision)
      throw new IntegrityError(place(row.report_id))
    const { text, amendment } = sealed
    return {
      text,
      revision: row.revision,
      savedAt: row.updated_at,
      ...(amendment ? { amendment } : {}),
    }
  }

  /**
   * Saves; or tells who else holds the draft. Saving nothing new (an empty text; over a signed report what it says already)
   * takes no draft, and gives one's own up, so that a report opened by mistake is free again. Only taking and giving up
   * are audited: a draft is saved every second or two, and its text becomes evidence with the signature.
   * @throws VigilError `report-changed` with the present revision; `amendment-required` where it is not said what a draft
   * over a signed report is for.
   */
  async function save(
    studyInstanceUid: string,
    { text, amendment }: Written,
    baseRevision: number,
    actor: AuditEntry['actor'],
  ): Promise<{ revision: number; savedAt: number } | Held> {
    const id = reportIdOf(protection, studyInstanceUid)
    const at = clock()
    return store.transaction(async (trx) => {
      const standing = await standingOf(trx, id)
      const { draft, lastVersion } = standing
      const held = heldByOther(standing, actor.id)
      if (held) return held
      const signed = lastVersion ? (await readVersions(trx, protection, id)).at(-1)?.document : undefined
      const nothingNew = signed
        ? sameText(signed.text, text) && (!amendment || sameAmendment(signed.amendment, amendment))
        : text.findings === '' && text.impression === ''
      // What was just signed comes once more where the answer to the sign-off was lost on the way.
      if (signed && nothingNew && !draft) return { revision: 0, savedAt: at }
      const present = draft?.revision ?? 0
      if (present !== baseRevision) {
        // The same text again: the answer to an earlier try was lost on the way.
        if (draft && present === baseRevision + 1 && sameText(open(draft).text, text))
          return { revision: present, savedAt: draft.updated_at }
        throw new VigilError('report-changed', { revision: present })
      }
      if (nothingNew) {
        if (draft) await giveUp(trx, id, actor)
        return { revision: 0, savedAt: at }
      }

      // Also what an earlier run of a workstation sends late: it was written before the report was signed.
      if (signed && !amendment) throw new VigilError('amendment-required')
      const revision = present + 1
      const sealed: z.infer<typeof SealedDraft> = {
        accountId: actor.id,
        revision,
        text,
        ...(signed && amendment ? { amendment } : {}),
      }
      const row = {
        account_id: actor.id,
        revision,
        sealed_text: protection.seal(place(id), JSON.stringify(sealed)),
        updated_at: at,
      }
      if (draft) {
        await trx.updateTable('report_drafts').set(row).where('report_id', '=', id).execute()
      } else {
        await ensureReport(trx, protection, {
          id,
          studyInstanceUid,
          studyIndex: studyIndex(protection, studyInstanceUid),
          at,
        })
        await trx
          .insertInto('report_drafts')
          .values({ report_id: id, ...row, taken_at: at })
          .execute()
        await note(trx, 'report.draft-taken', id, actor)
      }
      await trx.updateTable('reports').set({ updated_at: at }).where('id', '=', id).execute()
      return { revision, savedAt: at }
    })
  }

  /** Gives one's own draft up, whatever it says; true where there was one. */
  async function discard(studyInstanceUid: string, actor: AuditEntry['actor']): Promise<boolean | Held> {
    const id = reportIdOf(protection, studyInstanceUid)
    return store.transaction(async (trx) => {
      const standing = await standingOf(trx, id)
      const held = heldByOther(standing, actor.id)
      if (held) return held
      if (standing.draft) await giveUp(trx, id, actor)
      return standing.draft !== null
    })
  }

  async function giveUp(trx: Transaction<Schema>, id: string, actor: AuditEntry['actor']): Promise<void> {
    await trx.deleteFrom('report_drafts').where('report_id', '=', id).execute()
    await note(trx, 'report.draft-given-up', id, actor)
  }

  const note = (trx: Transaction<Schema>, action: string, id: string, actor: AuditEntry['actor']) =>
    audit.append(trx, { action, outcome: 'success', actor, object: { kind: 'report', id } })

  return { open, save, discard }
}

function sameAmendment(a: Amendment | null, b: DraftAmendment): boolean {
  return a?.kind === b.kind && a.reason === b.reason.trim()
}

function sameText(a: ReportText, b: ReportText): boolean {
  return a.findings === b.findings && a.impression === b.impression
}
