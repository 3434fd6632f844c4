import type { ReportDraft, ReportText } from '../../shared/report/index.ts'
import type { LocalDraft } from './cipher.ts'

export interface Recovery {
  text: ReportText
  baseRevision: number
  /** True where the text is this workstation's and the gateway does not have it. */
  recovered: boolean
  /** True where a local text lost against a later one of the gateway, and must be kept aside. */
  supersede: boolean
}

const empty: ReportText = { findings: '', impression: '' }

/**
 * Which text the editor opens with. A local text that the gateway has not got wins where the gateway still has what it
 * was made from, or where it is newer; `clockSkewMs` is the gateway's clock minus ours.
 */
export function recover(local: LocalDraft | null, gateway: ReportDraft | null, clockSkewMs = 0): Recovery {
  const theirs = {
    text: gateway?.text ?? empty,
    baseRevision: gateway?.revision ?? 0,
    recovered: false,
    supersede: false,
  }
  if (!local || local.synced || sameText(local.text, theirs.text)) return theirs
  const unchangedSince = local.baseRevision === theirs.baseRevision
  const newer = local.savedAt + clockSkewMs > (gateway?.savedAt ?? 0)
  if (!unchangedSince && !newer) return { ...theirs, supersede: true }
  return { text: local.text, baseRevision: theirs.baseRevision, recovered: true, supersede: false }
}

export function sameText(a: ReportText, b: ReportText): boolean {
  return a.findings === b.findings && a.impression === b.impression
}
