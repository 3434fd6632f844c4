import { useTranslation } from 'react-i18next'
import type { ReportText } from '../../shared/report/index.ts'
import { textDiff } from './text-diff.ts'

/** Both sections of a report; with `before`, what changed since: added words underlined, removed ones struck through. */
export function ReportSections(props: {
  text: ReportText
  before?: ReportText | null
  /** Only the sections that changed. */
  changedOnly?: boolean
}) {
  const { text, before = null, changedOnly = false } = props
  const { t } = useTranslation()
  const sections = (['findings', 'impression'] as const).filter(
    (section) => !changedOnly || text[section] !== before?.[section],
  )
  return sections.map((section) => (
    <section key={section}>
      <h3>{t(`report.section.${section}`)}</h3>
      {before ? (
        <p className="report-text">
          <Changes before={before[section]} after={text[section]} />
        </p>
      ) : text[section] === '' ? (
        <p className="quiet">{t('report.empty')}</p>
      ) : (
        <p className="report-text">{text[section]}</p>
      )}
    </section>
  ))
}

function Changes({ before, after }: { before: string; after: string }) {
  const { t } = useTranslation()
  const parts = textDiff(before, after)
  let at = 0
  return parts.map(({ kind, text }) => {
    at += text.length
    if (kind === 'same') return <span key={at}>{text}</span>
    return kind === 'added' ? (
      <ins key={at} title={t('report.added')}>
        {text}
      </ins>
    ) : (
      <del key={at} title={t('report.removed')}>
        {text}
      </del>
    )
  })
}
