import { type KeyboardEvent, useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type DictionaryEntry, needsDecision } from '../../../shared/critical/index.ts'
import { LevelTag } from '../../alerts/level-tag.tsx'
import { scopeText } from '../entries/entry-words.ts'
import { MarkedText } from './marked-text.tsx'
import { useFindings } from './use-findings.ts'

const mostSteps = 200

/** Try a sentence: how these entries, as they stand this moment, would grade what somebody writes. */
export function SentenceBox({ entries }: { entries: readonly DictionaryEntry[] }) {
  const { t, i18n } = useTranslation()
  const [text, setText] = useState('')
  // The browser's own undo is one for the whole page: it would take back the last letter of a term.
  const before = useRef<string[]>([])
  const undo = (event: KeyboardEvent) => {
    if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== 'z') return
    event.preventDefault()
    setText(before.current.pop() ?? text)
  }
  const { text: about, findings } = useFindings(entries, text)
  const byCode = useMemo(() => new Map(entries.map((entry) => [entry.code, entry])), [entries])
  const typeName = (code: string) => {
    const entry = byCode.get(code)
    return (i18n.language === 'en' ? entry?.nameEn : entry?.nameZh) || code
  }
  const shown = about === text ? findings : []
  return (
    <section className="sentence" aria-label={t('dictionary.sentence.title')} data-testid="sentence-box">
      <div className="sentence-ask">
        <label htmlFor="dictionary-sentence">{t('dictionary.sentence.title')}</label>
        <textarea
          id="dictionary-sentence"
          className="field-input"
          value={text}
          onChange={(event) => {
            before.current = [...before.current, text].slice(-mostSteps)
            setText(event.target.value)
          }}
          onKeyDown={undo}
          placeholder={t('dictionary.sentence.placeholder')}
          maxLength={2000}
          rows={3}
          spellCheck={false}
          data-own-undo
          data-testid="sentence"
        />
      </div>
      <div
        className="sentence-answer"
        aria-live="polite"
        data-testid="sentence-findings"
        data-count={shown.length}
      >
        {text.trim() === '' ? (
          <p className="quiet">{t('dictionary.sentence.hint')}</p>
        ) : (
          <>
            <p className="sentence-text">
              <MarkedText text={text} marks={shown} />
            </p>
            {about === text && shown.length === 0 && <p className="quiet">{t('dictionary.sentence.none')}</p>}
            <ul>
              {shown.map((finding) => {
                const entry = byCode.get(finding.type)
                const scope = entry ? scopeText(t, entry) : ''
                return (
                  <li
                    key={`${finding.start}:${finding.type}:${finding.term}`}
                    data-testid="sentence-finding"
                    data-grade={finding.grade}
                  >
                    <span className={`grade-word hit-${finding.grade}`}>{t(`grade.${finding.grade}`)}</span>
                    <LevelTag level={finding.level} />
                    <strong>{typeName(finding.type)}</strong>
                    <span className="quiet">
                      {t('dictionary.sentence.why', {
                        term: finding.term,
                        because: finding.because === '' ? t('finding.plain') : `“${finding.because}”`,
                      })}
                      {finding.side && ` · ${t(`finding.sides.${finding.side}`)}`}
                      {scope && ` · ${t('dictionary.sentence.only', { scope })}`}
                    </span>
                    {needsDecision(finding) && (
                      <span className="sentence-decide">{t('dictionary.sentence.needs')}</span>
                    )}
                  </li>
                )
              })}
            </ul>
          </>
        )}
      </div>
    </section>
  )
}
