import type { DraftAmendment, KeyImage, ReportDraft, ReportText } from '../../shared/report/index.ts'
import type { LocalDraft } from './cipher.ts'

export interface Recovery {
  text: ReportText
  baseRevision: number
  amendment?: DraftAmendment
  keyImages: KeyImage[]
  /** True where the text is this workstation's and the gateway does not have it. */
  recovered: boolean
  /** True where a local text lost against a later one of the gateway, and must be kept aside. */
  supersede: boolean
}

const empty: ReportText = { findings: '', impression: '' }

/**
 * Which text the editor opens with. A local text that the gateway has not got wins where the gateway still has what it
 * was made from, or where it is newer; `clockSkewMs` is the gateway's clock minus ours. With `signed`, `gateway` is the
 * last signed version: only what was written to amend it may win over it. Nothing wins over what was handed in for review.
 */
export function recover(
  local: LocalDraft | null,
  gateway: ReportDraft | null,
  { clockSkewMs = 0, signed = false }: { clockSkewMs?: number; signed?: boolean } = {},
): Recovery {
  const theirs = {
    text: gateway?.text ?? empty,
    baseRevision: gateway?.revision ?? 0,
    keyImages: gateway?.keyImages ?? [],
    recovered: false,
    supersede: false,
    ...(gateway?.amendment ? { amendment: gateway.amendment } : {}),
  }
  if (!local || local.synced) return theirs
  const { amendment, keyImages = theirs.keyImages } = local
  const same =
    sameText(local.text, theirs.text) &&
    (!amendment || sameAmendment(amendment, theirs.amendment)) &&
    sameKeyImages(keyImages, theirs.keyImages)
  if (same) return theirs
  if (gateway?.stage === 'submitted' || (signed && !amendment)) return { ...theirs, supersede: true }
  const unchangedSince = local.baseRevision === theirs.baseRevision
  const newer = local.savedAt + clockSkewMs > (gateway?.savedAt ?? 0)
  if (!unchangedSince && !newer) return { ...theirs, supersede: true }
  return {
    text: local.text,
    baseRevision: theirs.baseRevision,
    keyImages,
    recovered: true,
    supersede: false,
    ...(amendment ? { amendment } : {}),
  }
}

export function sameText(a: ReportText, b: ReportText): boolean {
  return a.findings === b.findings && a.impression === b.impression
}

export function sameAmendment(a: DraftAmendment | undefined, b: DraftAmendment | undefined): boolean {
  return a?.kind === b?.kind && a?.reason.trim() === b?.reason.trim()
}

export function sameKeyImages(a: readonly KeyImage[], b: readonly KeyImage[]): boolean {
  return (
    a.length === b.length &&
    a.every((image, index) => {
      const other = b[index]
      return other !== undefined && image.id === other.id && image.caption === other.caption
    })
  )
}
