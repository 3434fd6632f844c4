import { Button } from 'antd'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'

interface FactsPanelProps {
  title: string
  /** In words, the gravest first. */
  states: ReactNode
  facts: readonly (readonly [name: string, value: ReactNode])[]
  /** Buttons; none where the person may do nothing here. */
  actions?: ReactNode
  /** Why the actions are held back. */
  whyNot?: string | undefined
  onClose: () => void
  testId: string
}

/** The selected row in full, beside its table. */
export function FactsPanel(props: FactsPanelProps) {
  const { t } = useTranslation()
  return (
    <section className="facts" aria-label={props.title} data-testid={props.testId}>
      <div className="facts-head">
        <h2>{props.title}</h2>
        <Button size="small" onClick={props.onClose}>
          {t('app.close')}
        </Button>
      </div>
      <div className="facts-states">{props.states}</div>
      <dl className="facts-list">
        {props.facts.map(([name, value]) => (
          <FactRow key={name} name={name} value={value} />
        ))}
      </dl>
      {props.whyNot && <p className="facts-why-not">{props.whyNot}</p>}
      {props.actions && <div className="facts-actions">{props.actions}</div>}
    </section>
  )
}

function FactRow({ name, value }: { name: string; value: ReactNode }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </>
  )
}
