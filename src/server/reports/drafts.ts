import type { Transaction } from 'kysely'
import { VigilError } from '../../shared/errors/index.ts'
import type { Amendment, DraftAmendment, KeyImage, ReportText } from '../../shared/report/index.ts'
import { type AuditEntry, createStretches } from '../audit/index.ts'
import type { Foundation } from '../foundation.ts'
import { studyIndex } from '../orders/index.ts'
import type { Schema } from '../store/index.ts'
import { draftRow, type KeptDraft, openDraft, standingIn } from './kept-draft.ts'
import type { KeptKeyImages } from './key-images.ts'
import { refusalOf } from './stage.ts'
import { type Claims, ensureReport, type Refused, reportIdOf, standingOf } from './standing.ts'
import { readVersions } from './versions.ts'

/** What somebody writes: the text and its key images and, over a signed report, what the new version is for. */
export interface Written {
  text: ReportText
  amendment?: DraftAmendment | undefined
  /** Left out, they stay as they are. */
  keyImages?: KeyImage[] | undefined
}

/** How long somebody's typing is one act, with one record: a draft is saved every second or two. */
const writingMs = 60_000

/** One person's draft of a report, saved as they type. */
export function createDrafts(
  foundation: Pick<Foundation, 'store' | 'protection' | 'audit' | 'clock'>,
  { keyImages: pictures, claims }: { keyImages: KeptKeyImages; claims: Claims },
) {
  const { store, protection, audit, clock } = foundation
  const stretches = createStretches(clock, writingMs)

  /**
   * Saves; or tells who else holds the draft. Saving nothing new (an empty text; over a signed report what it says already)
   * takes no draft, and gives one's own up, so that a report opened by mistake is free again; not one that is in review or
   * was given back. Taking, giving up and the first save of each minute of writing have their record; the text becomes evidence
   * when it is handed in or signed.
   * @throws VigilError `report-changed` with the present revision; `amendment-required` where it is not said what a draft
   * over a signed report is for; `key-image-missing`.
   */
  async function save(
    studyInstanceUid: string,
    { text, ...written }: Written,
    baseRevision: number,
    actor: AuditEntry['actor'],
  ): Promise<{ revision: number; savedAt: number } | Refused> {
    const id = reportIdOf(protection, studyInstanceUid)
    const at = clock()
    const writing = `${actor.sessionId ?? actor.id}/${id}`
    const goesOn = stretches.goesOn(writing)
    const saved = await store.transaction(work, goesOn ? 'writing-on' : undefined)
    if (!goesOn && 'revision' in saved && saved.revision > 0) stretches.begin(writing)
    return saved

    async function work(trx: Transaction<Schema>): Promise<{ revision: number; savedAt: number } | Refused> {
      const { draft, lastVersion } = await standingOf(trx, id)
      const kept = draft && openDraft(protection, draft)
      // Said already: the answer to an earlier try was lost on the way, and the draft may have been handed in since.
      if (
        draft &&
        kept?.accountId === actor.id &&
        kept.revision > baseRevision &&
        saysAlready(kept, { text, ...written })
      )
        return { revision: kept.revision, savedAt: draft.updated_at }
      const refused = refusalOf('save', actor.id, standingIn(draft))
      if (refused) return { refused, draft }
      const signed = lastVersion ? (await readVersions(trx, protection, id)).at(-1)?.document : undefined
      const keyImages = written.keyImages ?? kept?.keyImages ?? signed?.keyImages ?? []
      const amendment = written.amendment ?? (kept?.stage === 'writing' ? undefined : kept?.amendment)
      const nothingNew = signed
        ? sameText(signed.text, text) &&
          sameImages(signed.keyImages ?? [], keyImages) &&
          (!amendment || sameAmendment(signed.amendment, amendment))
        : text.findings === '' && text.impression === '' && keyImages.length === 0
      // What was just signed comes once more where the answer to the sign-off was lost on the way.
      if (signed && nothingNew && !draft) return { revision: 0, savedAt: at }
      const present = kept?.revision ?? 0
      if (present !== baseRevision) throw new VigilError('report-changed', { revision: present })
      if (nothingNew && (kept?.stage ?? 'writing') === 'writing') {
        if (draft) await giveUp(trx, id, studyInstanceUid, actor)
        return { revision: 0, savedAt: at }
      }

      // Also what an earlier run of a workstation sends late: it was written before the report was signed.
      if (signed && !amendment) throw new VigilError('amendment-required')
      await pictures.mustBeKept(trx, id, keyImages)
      const revision = present + 1
      const { amendment: _, ...before } = kept ?? { stage: 'writing' as const, comment: '' }
      const now: KeptDraft = {
        ...before,
        accountId: actor.id,
        revision,
        text,
        keyImages,
        ...(signed && amendment ? { amendment } : {}),
      }
      const row = draftRow(protection, id, now, at)
      if (draft) {
        await trx.updateTable('report_drafts').set(row).where('report_id', '=', id).execute()
        if (!goesOn) await note(trx, 'report.draft-saved', id, studyInstanceUid, actor)
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
        await claims.follow(trx, { studyInstanceUid, holder: actor.id }, actor)
        await note(trx, 'report.draft-taken', id, studyInstanceUid, actor)
      }
      await trx.updateTable('reports').set({ updated_at: at }).where('id', '=', id).execute()
      return { revision, savedAt: at }
    }
  }

  /** Gives one's own draft up, whatever it says; true where there was one. */
  async function discard(studyInstanceUid: string, actor: AuditEntry['actor']): Promise<boolean | Refused> {
    const id = reportIdOf(protection, studyInstanceUid)
    return store.transaction(async (trx) => {
      const { draft } = await standingOf(trx, id)
      const refused = refusalOf('discard', actor.id, standingIn(draft))
      if (refused) return { refused, draft }
      if (draft) await giveUp(trx, id, studyInstanceUid, actor)
      return draft !== null
    })
  }

  async function giveUp(
    trx: Transaction<Schema>,
    id: string,
    studyInstanceUid: string,
    actor: AuditEntry['actor'],
  ): Promise<void> {
    await trx.deleteFrom('report_drafts').where('report_id', '=', id).execute()
    await claims.follow(trx, { studyInstanceUid, holder: null }, actor)
    await note(trx, 'report.draft-given-up', id, studyInstanceUid, actor)
  }

  const note = (
    trx: Transaction<Schema>,
    action: string,
    id: string,
    study: string,
    actor: AuditEntry['actor'],
  ) =>
    audit.append(trx, {
      action,
      outcome: 'success',
      actor,
      object: { kind: 'report', id },
      about: [{ kind: 'study', id: study }],
    })

  return { save, discard }
}

function saysAlready(kept: KeptDraft, { text, amendment, keyImages }: Written): boolean {
  return (
    sameText(kept.text, text) &&
    (!keyImages || sameImages(kept.keyImages, keyImages)) &&
    (!amendment ||
      (kept.amendment?.kind === amendment.kind && kept.amendment.reason.trim() === amendment.reason.trim()))
  )
}

function sameAmendment(a: Amendment | null, b: DraftAmendment): boolean {
  return a?.kind === b.kind && a.reason === b.reason.trim()
}

export function sameText(a: ReportText, b: ReportText): boolean {
  return a.findings === b.findings && a.impression === b.impression
}

/** The same pictures in the same order, called the same. */
export function sameImages(a: readonly KeyImage[], b: readonly KeyImage[]): boolean {
  const said = (images: readonly KeyImage[]) => JSON.stringify(images.map(({ id, caption }) => [id, caption]))
  return said(a) === said(b)
}
