import { Radio } from 'antd'
import { useId } from 'react'
import { useTranslation } from 'react-i18next'
import { type FieldLabels, ProtectedField, Sensitivity } from '../../../shared/access/index.ts'

interface FieldLabelsEditorProps {
  fields: FieldLabels
  onChange: (fields: FieldLabels) => void
}

/** The clearance that it takes to see each field, of whatever exam. */
export function FieldLabelsEditor({ fields, onChange }: FieldLabelsEditorProps) {
  const { t } = useTranslation()
  const id = useId()
  return (
    <section className="field-labels" aria-labelledby={id}>
      <h2 id={id}>{t('labels.rules.fields')}</h2>
      <p className="dialog-text">{t('labels.rules.fieldsText')}</p>
      {ProtectedField.options.map((field) => (
        <div key={field} className="field-label" data-testid={`field-${field}`}>
          <span>{t(`labels.rules.field.${field}`)}</span>
          <Radio.Group
            value={fields[field]}
            onChange={({ target }) => onChange({ ...fields, [field]: target.value as Sensitivity })}
            aria-label={t(`labels.rules.field.${field}`)}
            options={Sensitivity.options.map((value) => ({ value, label: t(`labels.sensitivity.${value}`) }))}
          />
        </div>
      ))}
    </section>
  )
}
