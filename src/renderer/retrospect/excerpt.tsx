import { useTranslation } from 'react-i18next'
import type { ReportHit } from '../../shared/api/index.ts'

/** The sentence with what was found in it; the grade by its colour and in words. */
export function Excerpt({ hit }: { hit: ReportHit }) {
  const { t } = useTranslation()
  const { excerpt, start, end, grade } = hit
  return (
    <span className="excerpt">
      {grade !== null && <span className={`grade grade-${grade}`}>{t(`grade.${grade}`)}</span>}
      {excerpt.slice(0, start)}
      <mark className={grade === null ? '' : `grade-${grade}`}>{excerpt.slice(start, end)}</mark>
      {excerpt.slice(end)}
    </span>
  )
}
