import { useTranslation } from 'react-i18next'
import { needsDecision, type SectionFinding } from '../../shared/critical/index.ts'
import { LevelTag } from '../alerts/level-tag.tsx'

interface FindingsPanelProps {
  findings: readonly SectionFinding[]
  typeName: (code: string) => string
  onJump: (finding: SectionFinding) => void
}

/** All critical terms of the report as it stands; a click goes to the text. */
export function FindingsPanel({ findings, typeName, onJump }: FindingsPanelProps) {
  const { t } = useTranslation()
  const needs = findings.filter(needsDecision).length
  // What is not for exams like this one is shown, after the rest.
  const ordered = findings.toSorted((a, b) => Number(a.outOfScope ?? false) - Number(b.outOfScope ?? false))
  return (
    <section className="findings" data-testid="findings-panel" data-count={findings.length}>
      <h3>
        {t('report.critical')}
        {needs > 0 && (
          <span className="findings-needs number">{t('report.criticalNeeds', { count: needs })}</span>
        )}
      </h3>
      {findings.length === 0 ? (
        <p className="findings-none">{t('report.criticalNone')}</p>
      ) : (
        <ul>
          {ordered.map((finding) => (
            <li key={`${finding.section}:${finding.start}:${finding.type}`}>
              <button
                type="button"
                className="finding"
                title={t('report.criticalJump')}
                onClick={() => onJump(finding)}
                data-testid="finding"
                data-grade={finding.grade}
                data-type={finding.type}
                data-out={finding.outOfScope}
              >
                <GradeText grade={finding.grade} />
                <span className={`critical critical-${finding.grade}`}>{finding.text}</span>
                <span className="finding-type quiet">
                  {typeName(finding.type)}
                  {finding.because && ` · “${finding.because}”`}
                </span>
                {finding.outOfScope ? (
                  <span className="finding-out" title={t('report.criticalOutOfScopeHint')}>
                    {t('report.criticalOutOfScope')}
                  </span>
                ) : (
                  <LevelTag level={finding.level} />
                )}
              </button>
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}

export function GradeText({ grade }: { grade: SectionFinding['grade'] }) {
  const { t } = useTranslation()
  return <span className={`grade grade-${grade}`}>{t(`grade.${grade}`)}</span>
}
