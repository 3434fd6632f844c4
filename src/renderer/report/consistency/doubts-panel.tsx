import { useTranslation } from 'react-i18next'
import type { Inconsistency } from '../../../shared/report/consistency/index.ts'
import { useDoubtWords } from './doubt-words.ts'

interface DoubtsPanelProps {
  doubts: readonly Inconsistency[]
  onJump: (doubt: Inconsistency) => void
  /** Puts the right word in the place of the wrong one. */
  onFix: (doubt: Inconsistency) => void
}

/** What may be wrong with the report, calmly: nothing is shown where there is nothing. A click goes to the text. */
export function DoubtsPanel({ doubts, onJump, onFix }: DoubtsPanelProps) {
  const { t } = useTranslation()
  const words = useDoubtWords()
  if (doubts.length === 0) return null
  const fields = doubts.filter(({ kind }) => kind === 'unfilled-field')
  const others = doubts.filter(({ kind }) => kind !== 'unfilled-field')
  return (
    <section className="findings doubts" data-testid="doubts" data-count={doubts.length}>
      <h3>
        {t('review.doubts.title')}
        <span className="findings-needs number">{t('review.doubts.open', { count: doubts.length })}</span>
      </h3>
      <ul>
        {fields[0] && (
          <li>
            <button
              type="button"
              className="finding"
              onClick={() => fields[0] && onJump(fields[0])}
              title={t('review.doubts.jump')}
              data-testid="doubt-fields"
            >
              {t('review.doubts.fields', { count: fields.length })}
            </button>
          </li>
        )}
        {others.map((doubt) => {
          const { what, why } = words(doubt)
          return (
            <li key={`${doubt.kind}:${doubt.section}:${doubt.start}`} className="doubt-row">
              <button
                type="button"
                className={`finding doubt-${doubt.weight}`}
                onClick={() => onJump(doubt)}
                title={t('review.doubts.jump')}
                data-testid="doubt"
                data-kind={doubt.kind}
                data-weight={doubt.weight}
              >
                <span className="doubt-what">{what}</span>
                {doubt.words.length <= 24 && <span className="doubt-words">{doubt.words}</span>}
                <span className="finding-type quiet">{why}</span>
                <span className="quiet">{t(`review.doubts.section.${doubt.section}`)}</span>
              </button>
              {doubt.kind === 'wrong-word' && (
                <button
                  type="button"
                  className="link-button"
                  onClick={() => onFix(doubt)}
                  data-testid="doubt-fix"
                >
                  {t('review.doubts.fix', { words: doubt.expected })}
                </button>
              )}
            </li>
          )
        })}
      </ul>
    </section>
  )
}
