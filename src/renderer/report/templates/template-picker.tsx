import { useEffect, useId, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ExamContext } from '../../../shared/critical/index.ts'
import type { ReportTemplate } from '../../../shared/settings/index.ts'
import { fitting, searched } from './ranking.ts'

interface TemplatePickerProps {
  templates: readonly ReportTemplate[]
  /** Ids of one's own. */
  own: ReadonlySet<string>
  exam: ExamContext | null
  onPick: (template: ReportTemplate) => void
  onManage: () => void
  onClose: () => void
}

/** Finds a template by typing, what fits the exam first; by arrows and Enter, or the mouse. */
export function TemplatePicker({ templates, own, exam, onPick, onManage, onClose }: TemplatePickerProps) {
  const { t } = useTranslation()
  const id = useId()
  const [query, setQuery] = useState('')
  const [at, setAt] = useState(0)
  const list = useRef<HTMLDivElement>(null)
  const field = useRef<HTMLInputElement>(null)
  const found = searched(templates, exam, query)
  const fit = new Set(fitting(templates, exam).map((template) => template.id))
  useEffect(() => field.current?.focus(), [])
  useEffect(() => {
    list.current?.children[at]?.scrollIntoView({ block: 'nearest' })
  }, [at])
  const onKeyDown = (event: React.KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return
    const step = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 }[event.key]
    if (step) setAt((now) => Math.max(0, Math.min(found.length - 1, now + step)))
    else if (event.key === 'Enter' && found[at]) onPick(found[at])
    else if (event.key === 'Escape') onClose()
    else return
    event.preventDefault()
    event.stopPropagation()
  }
  return (
    <search className="picker" data-testid="template-picker" aria-label={t('review.templates.title')}>
      <div className="picker-head">
        <input
          ref={field}
          className="picker-search"
          role="combobox"
          aria-expanded="true"
          aria-controls={`${id}-list`}
          aria-activedescendant={found[at] ? `${id}-${found[at].id}` : undefined}
          aria-label={t('review.templates.search')}
          placeholder={t('review.templates.search')}
          value={query}
          onChange={(event) => {
            setQuery(event.target.value)
            setAt(0)
          }}
          onKeyDown={onKeyDown}
          data-testid="template-search"
        />
        <button type="button" className="link-button" onClick={onManage} data-testid="template-manage">
          {t('review.templates.manage')}
        </button>
        <button type="button" className="link-button" onClick={onClose} aria-label={t('app.close')}>
          ✕
        </button>
      </div>
      {found.length === 0 && <p className="quiet picker-none">{t('review.templates.none')}</p>}
      <div
        ref={list}
        id={`${id}-list`}
        role="listbox"
        className="picker-list"
        tabIndex={-1}
        aria-label={t('review.templates.title')}
      >
        {found.map((template, index) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the field above has the focus and the keys
          <div
            key={template.id}
            id={`${id}-${template.id}`}
            role="option"
            tabIndex={-1}
            aria-selected={index === at}
            className="picker-item"
            onClick={() => onPick(template)}
            data-testid="template-option"
            data-template={template.id}
          >
            <span className="picker-name">{template.name}</span>
            <span className="quiet">{template.modality}</span>
            {own.has(template.id) && <span className="picker-mark">{t('review.templates.own')}</span>}
            {fit.has(template.id) && <span className="picker-fit">{t('review.templates.fits')}</span>}
          </div>
        ))}
      </div>
      <p className="picker-keys quiet">{t('review.templates.keys')}</p>
    </search>
  )
}
