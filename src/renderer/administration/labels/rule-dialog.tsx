import { Checkbox, Radio } from 'antd'
import { useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { KeywordPlace, LabelRule, type Sensitivity } from '../../../shared/access/index.ts'
import { ActionDialog } from '../frame/action-dialog.tsx'
import { TextField } from '../frame/field.tsx'
import { entryOf, ruleOf } from './rule-entry.ts'

interface RuleDialogProps {
  /** Null for a new one. */
  rule: LabelRule | null
  onKeep: (rule: LabelRule) => void
  onClose: () => void
}

const kinds = ['patient', 'department', 'ward', 'item-code', 'keyword'] as const

/** One rule: what it goes by, and the label that it gives. Kept here, saved with the others. */
export function RuleDialog({ rule, onKeep, onClose }: RuleDialogProps) {
  const { t } = useTranslation()
  const [entry, setEntry] = useState(() => entryOf(rule))
  const set = (more: Partial<typeof entry>) => setEntry({ ...entry, ...more })
  const parsed = LabelRule.safeParse(ruleOf(entry))
  return (
    <ActionDialog
      title={t(rule ? 'labels.rules.editTitle' : 'labels.rules.addTitle')}
      submit={t('labels.rules.keep')}
      ready={parsed.success}
      run={async () => parsed.data}
      onDone={(kept) => kept && onKeep(kept)}
      onClose={onClose}
      width={640}
      long
    >
      <TextField
        label={t('labels.rules.name')}
        value={entry.name}
        onChange={(name) => set({ name })}
        maxLength={60}
        testId="rule-name"
      />
      <fieldset className="field-group">
        <legend>{t('labels.rules.kindTitle')}</legend>
        <Radio.Group
          value={entry.kind}
          onChange={({ target }) => set({ kind: target.value as LabelRule['kind'] })}
          options={kinds.map((value) => ({ value, label: t(`labels.rules.kind.${value}`) }))}
          data-testid="rule-kind"
        />
      </fieldset>
      {entry.kind === 'patient' ? (
        <div className="rule-lists">
          <Lines
            label={t('labels.rules.ids')}
            value={entry.ids}
            onChange={(ids) => set({ ids })}
            testId="rule-ids"
          />
          <Lines
            label={t('labels.rules.names')}
            value={entry.names}
            onChange={(names) => set({ names })}
            testId="rule-names"
          />
        </div>
      ) : (
        <Lines
          label={t(`labels.rules.values.${entry.kind}`)}
          value={entry.values}
          onChange={(values) => set({ values })}
          testId="rule-values"
        />
      )}
      {entry.kind === 'keyword' && (
        <fieldset className="field-group">
          <legend>{t('labels.rules.in')}</legend>
          <Checkbox.Group
            value={[...entry.in]}
            onChange={(places) => set({ in: places as KeywordPlace[] })}
            options={KeywordPlace.options.map((value) => ({
              value,
              label: t(`labels.rules.place.${value}`),
            }))}
          />
        </fieldset>
      )}
      <fieldset className="field-group">
        <legend>{t('labels.rules.label')}</legend>
        <Radio.Group
          value={entry.label}
          onChange={({ target }) => set({ label: target.value as Exclude<Sensitivity, 'general'> })}
          options={(['sensitive', 'highly-sensitive'] as const).map((value) => ({
            value,
            label: t(`labels.sensitivity.${value}`),
          }))}
          data-testid="rule-label"
        />
      </fieldset>
    </ActionDialog>
  )
}

function Lines(props: { label: string; value: string; onChange: (value: string) => void; testId: string }) {
  const id = useId()
  return (
    <div className="field">
      <label htmlFor={id}>{props.label}</label>
      <textarea
        id={id}
        className="field-input"
        rows={6}
        value={props.value}
        onChange={(event) => props.onChange(event.target.value)}
        spellCheck={false}
        data-testid={props.testId}
      />
    </div>
  )
}
