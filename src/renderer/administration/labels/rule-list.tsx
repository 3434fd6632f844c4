import { Button, Switch } from 'antd'
import { useTranslation } from 'react-i18next'
import type { LabelRule } from '../../../shared/access/index.ts'
import type { LabelRulesTrial } from '../../../shared/api/labels.ts'
import { contentText } from './rule-words.ts'

interface RuleListProps {
  /** In the version that the change stands on. */
  before: readonly LabelRule[]
  rules: readonly LabelRule[]
  trial: LabelRulesTrial | null
  onEdit: (rule: LabelRule) => void
  onPut: (rule: LabelRule) => void
  onRemove: (id: string) => void
}

/** Every rule in a line; one that is to be removed stays to be seen until it is. */
export function RuleList({ before, rules, trial, onEdit, onPut, onRemove }: RuleListProps) {
  const { t } = useTranslation()
  const kept = new Set(rules.map(({ id }) => id))
  const removed = before.filter(({ id }) => !kept.has(id))
  if (rules.length + removed.length === 0)
    return (
      <p className="label-rules-none" data-testid="rules-empty">
        {t('labels.rules.none')}
      </p>
    )
  const stateOf = (rule: LabelRule) => {
    if (!kept.has(rule.id)) return 'removed'
    const was = before.find(({ id }) => id === rule.id)
    if (!was) return 'added'
    return JSON.stringify(was) === JSON.stringify(rule) ? null : 'changed'
  }
  return (
    <ul className="rule-list">
      {[...rules, ...removed].map((rule) => {
        const state = stateOf(rule)
        const exams = trial?.perRule.find(({ id }) => id === rule.id)?.exams
        const gone = state === 'removed'
        return (
          <li
            key={rule.id}
            className={state ? 'rule rule-touched' : 'rule'}
            data-testid="rule"
            data-rule={rule.id}
            data-state={state ?? ''}
          >
            <Switch
              size="small"
              checked={rule.active}
              disabled={gone}
              onChange={(active) => onPut({ ...rule, active })}
              aria-label={`${rule.name} ${t(rule.active ? 'labels.rules.on' : 'labels.rules.off')}`}
            />
            <strong className="rule-name" title={rule.name}>
              {rule.name}
            </strong>
            <span className={`rule-mark rule-mark-${rule.label}`}>
              {t(`labels.sensitivity.${rule.label}`)}
            </span>
            <span className="rule-kind">{t(`labels.rules.kind.${rule.kind}`)}</span>
            <span className="rule-content quiet" title={contentText(t, rule)}>
              {contentText(t, rule)}
            </span>
            <span className="rule-exams number">
              {exams === undefined ? '' : t('labels.rules.exams', { n: exams })}
            </span>
            <span className="state-warn rule-state">{state && t(`labels.rules.state.${state}`)}</span>
            {gone ? (
              <Button size="small" onClick={() => onPut(rule)}>
                {t('labels.rules.restore')}
              </Button>
            ) : (
              <span className="rule-actions">
                <Button size="small" onClick={() => onEdit(rule)} data-testid="rule-edit">
                  {t('labels.rules.edit')}
                </Button>
                <Button size="small" onClick={() => onRemove(rule.id)} data-testid="rule-remove">
                  {t('labels.rules.remove')}
                </Button>
              </span>
            )}
          </li>
        )
      })}
    </ul>
  )
}
