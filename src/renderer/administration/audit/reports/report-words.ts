import type { Translate } from '../../../i18n/index.ts'
import type { ReportState } from './states.ts'

/** 第 2 版（签发）；提交审核 */
export function stateText(t: Translate, { what }: Pick<ReportState, 'what'>): string {
  return what.kind === 'version'
    ? t('review.history.version', { version: what.version })
    : t(`review.history.kind.${what.step}`)
}

/** A section that has no word is named as the document names it. */
export function sectionText(t: Translate, name: string): string {
  return name === 'findings' || name === 'impression' ? t(`report.section.${name}`) : name
}
