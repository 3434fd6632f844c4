import { useTranslation } from 'react-i18next'
import { findingKey, type SectionFinding } from '../../shared/critical/index.ts'
import { GradeText } from '../report/findings-panel.tsx'

/** Terms that need no decision, with why: nothing that was found is left out. */
export function InformationList(props: {
  findings: readonly SectionFinding[]
  typeName: (code: string) => string
}) {
  const { t } = useTranslation()
  if (props.findings.length === 0) return null
  return (
    <>
      <h3 className="sign-off-heading">{t('signOff.information')}</h3>
      <ul className="information" data-testid="sign-off-information">
        {props.findings.map((finding) => (
          <li key={findingKey(finding)} data-grade={finding.grade} data-out={finding.outOfScope}>
            <GradeText grade={finding.grade} />
            {finding.outOfScope && (
              <span className="finding-out" title={t('report.criticalOutOfScopeHint')}>
                {t('signOff.outOfScope')}
              </span>
            )}
            <span className={`critical critical-${finding.grade}`}>{finding.text}</span>
            <span className="quiet">
              {props.typeName(finding.type)}
              {finding.because && ` · “${finding.because}”`}
            </span>
          </li>
        ))}
      </ul>
    </>
  )
}
