import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { type Conditions, withoutSubject } from './conditions.ts'

interface ConditionBarProps {
  conditions: Conditions
  onConditions: (next: Conditions) => void
  /** Null at the first of them. */
  onBack: (() => void) | null
}

/** Whom and what the records are about, each to be taken away by a press; and the way back. */
export function ConditionBar({ conditions, onConditions, onBack }: ConditionBarProps) {
  const { t } = useTranslation()
  const { subjects, upTo } = conditions
  if (subjects.length === 0 && upTo === null && !onBack) return null
  const chips = [
    ...subjects.map((subject) => ({
      key: `${subject.kind}:${subject.id}`,
      kind: t(`auditor.kind.${subject.kind}`),
      label: subject.label,
      title: subject.id,
      rest: withoutSubject(conditions, subject),
    })),
    ...(upTo === null
      ? []
      : [
          {
            key: 'up-to',
            kind: t('administration.seq'),
            label: t('auditor.upTo', { seq: upTo }),
            title: '',
            rest: { ...conditions, upTo: null },
          },
        ]),
  ]
  return (
    <section className="audit-conditions" aria-label={t('auditor.conditions')} data-testid="audit-conditions">
      {onBack && (
        <Button size="small" onClick={onBack} title={t('auditor.backHint')} data-testid="audit-back">
          ← {t('auditor.back')}
        </Button>
      )}
      {chips.map(({ key, kind, label, title, rest }) => (
        <button
          key={key}
          type="button"
          className="audit-chip"
          title={title}
          onClick={() => onConditions(rest)}
          aria-label={t('auditor.remove', { what: `${kind} ${label}` })}
          data-testid="audit-condition"
        >
          <span className="audit-kind">{kind}</span>
          <span className="audit-chip-label">{label}</span>
          <span aria-hidden="true">×</span>
        </button>
      ))}
    </section>
  )
}
