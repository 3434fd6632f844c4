import { useTranslation } from 'react-i18next'
import { type Change, isStricter } from './changes.ts'
import { parameterName, valueText } from './parameter-words.ts'

/** What a change of policy changes: from → to, and whether that is stricter. */
export function ChangeList({ changes }: { changes: readonly Change[] }) {
  const { t } = useTranslation()
  if (changes.length === 0) return <span className="quiet">{t('administration.policy.same')}</span>
  return (
    <ul className="changes" data-testid="policy-changes">
      {changes.map((change) => {
        const stricter = isStricter(change)
        return (
          <li key={change.parameter.path} data-path={change.parameter.path}>
            <span>{parameterName(t, change.parameter)}</span>
            <span className="number">
              {valueText(t, change.parameter, change.from)}
              {' → '}
              <strong>{valueText(t, change.parameter, change.to)}</strong>
            </span>
            <span className={stricter === false ? 'state-warn' : 'quiet'}>
              {stricter !== null &&
                t(stricter ? 'administration.policy.stricter' : 'administration.policy.looser')}
            </span>
          </li>
        )
      })}
    </ul>
  )
}
