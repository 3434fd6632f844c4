import { Button, Input, Select } from 'antd'
import { useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ReportTemplate } from '../../../shared/settings/index.ts'

interface TemplateFormProps {
  template: ReportTemplate
  onSave: (template: ReportTemplate) => void
}

const modalities = ['', 'CT', 'MR', 'DX', 'MG', 'US', 'XA', 'NM', 'PT']

/** One template of one's own, to change. */
export function TemplateForm({ template, onSave }: TemplateFormProps) {
  const { t } = useTranslation()
  const id = useId()
  const [draft, setDraft] = useState(template)
  const [parts, setParts] = useState(template.bodyParts.join(' '))
  const [lacks, setLacks] = useState(false)
  const change = (next: Partial<ReportTemplate>) => setDraft({ ...draft, ...next })
  const save = () => {
    const read = ReportTemplate.safeParse({ ...draft, bodyParts: parts.split(/[\s,，、]+/).filter(Boolean) })
    const complete = read.success && (read.data.findings + read.data.impression).trim() !== ''
    setLacks(!complete)
    if (read.success && complete) onSave(read.data)
  }
  return (
    <div className="template-form" data-testid="template-form">
      <div className="template-facts">
        <Input
          value={draft.name}
          onChange={(event) => change({ name: event.target.value })}
          placeholder={t('review.templates.name')}
          aria-label={t('review.templates.name')}
          maxLength={40}
          status={lacks && draft.name.trim() === '' ? 'error' : ''}
          data-testid="template-name"
        />
        <Select
          value={draft.modality}
          onChange={(modality) => change({ modality })}
          options={modalities.map((value) => ({ value, label: value || t('review.templates.sexes.any') }))}
          aria-label={t('review.templates.modality')}
        />
        <Input
          value={parts}
          onChange={(event) => setParts(event.target.value)}
          placeholder={t('review.templates.bodyPartsHint')}
          aria-label={t('review.templates.bodyParts')}
        />
        <Select
          value={draft.sex}
          onChange={(sex) => change({ sex })}
          options={(['', 'M', 'F'] as const).map((value) => ({
            value,
            label: t(`review.templates.sexes.${value || 'any'}`),
          }))}
          aria-label={t('review.templates.sex')}
        />
      </div>
      {(['findings', 'impression'] as const).map((section) => (
        <div key={section}>
          <label htmlFor={`${id}-${section}`}>{t(`report.section.${section}`)}</label>
          <Input.TextArea
            id={`${id}-${section}`}
            value={draft[section]}
            onChange={(event) => change({ [section]: event.target.value })}
            rows={section === 'findings' ? 8 : 3}
            maxLength={section === 'findings' ? 8000 : 4000}
          />
        </div>
      ))}
      <div className="template-foot">
        <span className="quiet">{lacks ? t('review.templates.incomplete') : t('review.templates.hint')}</span>
        <Button type="primary" onClick={save} data-testid="template-save">
          {t('review.templates.save')}
        </Button>
      </div>
    </div>
  )
}
