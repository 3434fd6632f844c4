import { z } from 'zod'
import { VigilError } from '../../shared/errors/index.ts'
import { type ReportDraft, ReportText } from '../../shared/report/index.ts'
import type { AuditEntry } from '../audit/index.ts'
import type { Foundation } from '../foundation.ts'
import { studyIndex } from '../orders/index.ts'
import { IntegrityError, type Place } from '../protection/index.ts'
import type { Schema } from '../store/index.ts'
import { ensureReport, type Held, heldByOther, reportIdOf, standingOf } from './standing.ts'

/** What a draft row seals: the text, and whose it is and which revision, so that those cannot be changed beside it. */
const SealedDraft = z.object({ accountId: z.string(), revision: z.int(), text: ReportText })

const place = (row: string): Place => ({ table: 'report_drafts', column: 'sealed_text', row })

/** One person's draft of a report, saved as they type. */
export function createDrafts(foundation: Pick<Foundation, 'store' | 'protection' | 'audit' | 'clock'>) {
  const { store, protection, audit, clock } = foundation

  /** @throws IntegrityError where the stored draft was changed. */
  function open(row: Schema['report_drafts']): ReportDraft {
    const sealed = SealedDraft.parse(JSON.parse(protection.open(place(row.report_id), row.sealed_text)))
    if (sealed.accountId !== row.account_id || sealed.revision !== row.revision)
      throw new IntegrityError(place(row.report_id))
    return { text: sealed.text, revision: row.revision, savedAt: row.updated_at }
  }

  /**
   * Saves; or tells who else holds the draft. Saving an empty text over nothing takes no draft, over one's own gives it
   * up, so that a report opened by mistake is free again. Only taking and giving up are audited: a draft is saved every
   * second or two, and its text becomes evidence with the signature.
   * @throws VigilError `report-already-signed`, or `report-changed` with the present revision.
   */
  async function save(
    studyInstanceUid: string,
    text: ReportText,
    baseRevision: number,
    actor: AuditEntry['actor'],
  ): Promise<{ revision: number; savedAt: number } | Held> {
    const id = reportIdOf(protection, studyInstanceUid)
    const at = clock()
    const empty = text.findings === '' && text.impression === ''
    return store.transaction(async (trx) => {
      const standing = await standingOf(trx, id)
      const { draft, lastVersion } = standing
      if (lastVersion) throw new VigilError('report-already-signed')
      const held = heldByOther(standing, actor.id)
      if (held) return held
      const present = draft?.revision ?? 0
      if (present !== baseRevision) {
        // The same text again: the answer to an earlier try was lost on the way.
        if (draft && present === baseRevision + 1 && sameText(open(draft).text, text))
          return { revision: present, savedAt: draft.updated_at }
        throw new VigilError('report-changed', { revision: present })
      }
      const note = (action: string) =>
        audit.append(trx, { action, outcome: 'success', actor, object: { kind: 'report', id } })
      if (empty) {
        if (draft) {
          await trx.deleteFrom('report_drafts').where('report_id', '=', id).execute()
          await note('report.draft-given-up')
        }
        return { revision: 0, savedAt: at }
      }

      const revision = present + 1
      const row = {
        account_id: actor.id,
        revision,
        sealed_text: protection.seal(place(id), JSON.stringify({ accountId: actor.id, revision, text })),
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
          .values({ report_id: id, ...row })
          .execute()
        await note('report.draft-taken')
      }
      await trx.updateTable('reports').set({ updated_at: at }).where('id', '=', id).execute()
      return { revision, savedAt: at }
    })
  }

  return { open, save }
}

function sameText(a: ReportText, b: ReportText): boolean {
  return a.findings === b.findings && a.impression === b.impression
}
