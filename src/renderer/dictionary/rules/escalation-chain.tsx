import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { RecipientKind } from '../../../shared/critical/rules.ts'
import { moved, removed } from '../fields/put.ts'
import type { RulesPartProps } from './rules-page.tsx'

/** Who is told next when nobody answers, in order. */
export function EscalationChain({ rules, onChange, disabled }: RulesPartProps) {
  const { t } = useTranslation()
  const chain = rules.escalation
  const set = (escalation: RecipientKind[]) => onChange({ ...rules, escalation }, null)
  const left = RecipientKind.options.filter((kind) => !chain.includes(kind))
  return (
    <div className="chain" data-testid="escalation">
      <ol>
        {chain.map((kind, index) => {
          const name = t(`dictionary.recipients.${kind}`)
          return (
            <li key={kind} data-kind={kind}>
              <span className="number quiet">{index + 1}</span>
              <strong>{name}</strong>
              {!disabled && (
                <span className="chain-buttons">
                  <Button
                    size="small"
                    disabled={index === 0}
                    onClick={() => set(moved(chain, index, -1))}
                    aria-label={t('dictionary.rules.earlier', { name })}
                    title={t('dictionary.rules.earlier', { name })}
                  >
                    ←
                  </Button>
                  <Button
                    size="small"
                    disabled={index === chain.length - 1}
                    onClick={() => set(moved(chain, index, 1))}
                    aria-label={t('dictionary.rules.later', { name })}
                    title={t('dictionary.rules.later', { name })}
                  >
                    →
                  </Button>
                  <Button
                    size="small"
                    disabled={chain.length === 1}
                    onClick={() => set(removed(chain, index))}
                    aria-label={t('dictionary.rules.dropHop', { name })}
                    title={t('dictionary.rules.dropHop', { name })}
                  >
                    ✕
                  </Button>
                </span>
              )}
            </li>
          )
        })}
      </ol>
      {!disabled &&
        left.map((kind) => (
          <Button key={kind} size="small" onClick={() => set([...chain, kind])}>
            {t('dictionary.rules.addHop', { name: t(`dictionary.recipients.${kind}`) })}
          </Button>
        ))}
    </div>
  )
}
