import { Button, Radio } from 'antd'
import { useId } from 'react'
import { useTranslation } from 'react-i18next'
import { type Drafts, isStricter, typedText, type Value } from './changes.ts'
import {
  assessmentText,
  boundText,
  choiceName,
  mistakeText,
  parameterName,
  valueText,
} from './parameter-words.ts'
import type { Bound, Parameter } from './parameters.ts'

interface ParameterRowProps {
  parameter: Parameter
  bound: Bound
  /** In the version in force. */
  inForce: Value
  /** What was typed or chosen instead; undefined where nothing was. */
  draft: Drafts[string] | undefined
  wrong: boolean
  readOnly: boolean
  /** Undefined takes the draft back. */
  onDraft: (draft: Drafts[string] | undefined) => void
}

/** One parameter: its value, what it may be, what the assessment asks, and what it was. */
export function ParameterRow(props: ParameterRowProps) {
  const { parameter, bound, inForce, draft, wrong } = props
  const { t } = useTranslation()
  const id = useId()
  const changed = draft !== undefined
  const name = parameterName(t, parameter)
  const assessed = assessmentText(t, parameter)
  return (
    <div
      className={changed ? 'parameter parameter-changed' : 'parameter'}
      data-testid="parameter"
      data-path={parameter.path}
      data-changed={changed}
    >
      {bound.kind === 'number' && !props.readOnly ? (
        <label className="parameter-name" htmlFor={id}>
          {name}
        </label>
      ) : (
        <span className="parameter-name" id={id}>
          {name}
        </span>
      )}
      <span className="parameter-value">
        {props.readOnly ? (
          <strong className="number">{valueText(t, parameter, inForce)}</strong>
        ) : (
          <Control {...props} id={id} />
        )}
      </span>
      <span className={wrong ? 'parameter-bound field-mistake' : 'parameter-bound quiet'} id={`${id}-bound`}>
        {wrong
          ? mistakeText(t, parameter, bound)
          : [boundText(t, bound), parameter.optional && t('administration.policy.emptyUnlimited')]
              .filter(Boolean)
              .join(' ')}
      </span>
      <span className="parameter-assessed">{assessed}</span>
      <span className="parameter-was">
        {changed && (
          <>
            <WasText parameter={parameter} inForce={inForce} draft={draft} wrong={wrong} />
            <Button size="small" onClick={() => props.onDraft(undefined)} data-testid="parameter-undo">
              {t('administration.policy.undo')}
            </Button>
          </>
        )}
      </span>
    </div>
  )
}

function WasText(
  props: Pick<ParameterRowProps, 'parameter' | 'inForce' | 'wrong'> & { draft: Drafts[string] },
) {
  const { parameter, inForce, draft } = props
  const { t } = useTranslation()
  const to = typeof inForce === 'number' || parameter.optional ? numberOf(draft) : draft
  const stricter = props.wrong ? null : isStricter({ parameter, from: inForce, to })
  return (
    <span className={stricter === false ? 'state-warn' : 'quiet'}>
      {t('administration.policy.was', { value: valueText(t, parameter, inForce) })}
      {stricter !== null &&
        ` · ${t(stricter ? 'administration.policy.stricter' : 'administration.policy.looser')}`}
    </span>
  )
}

const numberOf = (draft: Drafts[string]) => (String(draft).trim() === '' ? undefined : Number(draft))

function Control({
  parameter,
  bound,
  inForce,
  draft,
  wrong,
  onDraft,
  id,
}: ParameterRowProps & { id: string }) {
  const { t } = useTranslation()
  if (bound.kind === 'number') {
    return (
      <>
        <input
          id={id}
          className="field-input parameter-input number"
          value={draft === undefined ? typedText(inForce) : String(draft)}
          onChange={(event) =>
            onDraft(event.target.value.trim() === typedText(inForce) ? undefined : event.target.value)
          }
          placeholder={parameter.optional ? t('administration.policy.unlimited') : ''}
          inputMode="decimal"
          maxLength={10}
          autoComplete="off"
          aria-invalid={wrong}
          aria-describedby={`${id}-bound`}
        />
        {parameter.unit && t(`administration.policy.unitName.${parameter.unit}`)}
      </>
    )
  }
  const value = String(draft ?? inForce)
  const values = bound.kind === 'choice' ? bound.values : ['true', 'false']
  return (
    <Radio.Group
      name={id}
      aria-labelledby={id}
      value={value}
      onChange={(event) => {
        const chosen = bound.kind === 'choice' ? String(event.target.value) : event.target.value === 'true'
        onDraft(chosen === inForce ? undefined : chosen)
      }}
      options={values.map((each) => ({
        value: each,
        label:
          bound.kind === 'choice'
            ? choiceName(t, parameter, each)
            : t(each === 'true' ? 'administration.policy.on' : 'administration.policy.off'),
      }))}
    />
  )
}
