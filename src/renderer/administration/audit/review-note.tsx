import { useId } from 'react'
import { useTranslation } from 'react-i18next'

/** As the gateway takes it. */
export const noteFits = (note: string) => note.trim().length >= 2 && note.trim().length <= 300

/** What the auditor found, in their own words; it stays with what was reviewed. */
export function ReviewNote({ note, onNote }: { note: string; onNote: (note: string) => void }) {
  const { t } = useTranslation()
  const id = useId()
  return (
    <div className="field">
      <label htmlFor={id}>{t('auditor.review.note')}</label>
      <textarea
        id={id}
        className="field-input"
        rows={3}
        value={note}
        onChange={(event) => onNote(event.target.value)}
        maxLength={300}
        aria-describedby={`${id}-hint`}
        data-testid="review-note"
      />
      <span id={`${id}-hint`} className="field-hint">
        {t('auditor.review.noteHint')}
      </span>
    </div>
  )
}
