import { useTranslation } from 'react-i18next'
import type { Finding } from '../../shared/critical/index.ts'
import type { FindingWords } from './editor/critical-hover.ts'

/** Says what a finding was taken for: type, term, level, grade, side and the words that decided. */
export function useFindingWords(typeName: (code: string) => string): (finding: Finding) => FindingWords {
  const { t } = useTranslation()
  return (finding) => ({
    heading: typeName(finding.type),
    facts: [
      [t('finding.term'), finding.term],
      [t('finding.grade'), t(`grade.${finding.grade}`)],
      [t('finding.level'), t(`levelLong.${finding.level}`)],
      ...(finding.side ? ([[t('finding.side'), t(`finding.sides.${finding.side}`)]] as const) : []),
      [t('finding.because'), finding.because === '' ? t('finding.plain') : `“${finding.because}”`],
      ...(finding.outOfScope ? ([[t('finding.scope'), t('report.criticalOutOfScopeHint')]] as const) : []),
    ],
  })
}
