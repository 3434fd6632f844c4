import { Button, Modal, Popconfirm } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type Failure, failureOf } from '../../../shared/errors/index.ts'
import type { ReportTemplate } from '../../../shared/settings/index.ts'
import { useFailureSentence } from '../../app/failure-notice.tsx'
import { useFocusReturn } from '../../app/focus-return.ts'
import { useSetting } from '../../settings/use-setting.ts'
import { TemplateExchange } from './template-exchange.tsx'
import { TemplateForm } from './template-form.tsx'

interface TemplateManagerProps {
  /** What a new template begins with: the report as it stands. */
  fresh: () => ReportTemplate
  onClose: () => void
}

/** One's own templates: made from the report, changed, removed, handed on and taken in. */
export function TemplateManager({ fresh, onClose }: TemplateManagerProps) {
  useFocusReturn()
  const { t } = useTranslation()
  const sentence = useFailureSentence()
  const [{ templates, expandIn }, change] = useSetting('templates')
  const [chosen, setChosen] = useState<ReportTemplate | 'exchange' | null>(templates[0] ?? null)
  const [failure, setFailure] = useState<Failure | null>(null)
  const keep = async (next: ReportTemplate[]) => {
    setFailure(null)
    try {
      await change({ templates: next, expandIn })
    } catch (thrown) {
      setFailure(failureOf(thrown))
    }
  }
  const isChosen = (template: ReportTemplate) => chosen !== 'exchange' && chosen?.id === template.id
  return (
    <Modal
      open
      title={t('review.templates.manageTitle')}
      width={860}
      onCancel={onClose}
      footer={null}
      centered
      destroyOnHidden
      data-testid="template-manager"
    >
      <div className="manager">
        <div className="manager-list">
          <Button size="small" onClick={() => setChosen(fresh())} data-testid="template-new">
            {t('review.templates.fromReport')}
          </Button>
          <Button size="small" onClick={() => setChosen('exchange')} data-testid="template-exchange-open">
            {t('review.templates.exchange')}
          </Button>
          {templates.length === 0 && <p className="quiet">{t('review.templates.empty')}</p>}
          {templates.map((template) => (
            <div key={template.id} className={isChosen(template) ? 'manager-item chosen' : 'manager-item'}>
              <button
                type="button"
                className="link-button"
                onClick={() => setChosen(template)}
                data-testid="own-template"
              >
                {template.name}
              </button>
              <Popconfirm
                title={t('review.templates.removeAsk', { name: template.name })}
                onConfirm={() => {
                  setChosen(null)
                  void keep(templates.filter(({ id }) => id !== template.id))
                }}
              >
                <button
                  type="button"
                  className="link-button"
                  aria-label={`${t('review.templates.remove')} ${template.name}`}
                  data-testid="template-remove"
                >
                  ✕
                </button>
              </Popconfirm>
            </div>
          ))}
        </div>
        <div className="manager-body">
          {failure && (
            <p className="decision-lack" role="alert">
              {t('review.templates.saveFailed')}
              {sentence(failure)}
            </p>
          )}
          {chosen === 'exchange' ? (
            <TemplateExchange own={templates} onOwn={(next) => void keep(next)} />
          ) : (
            chosen && (
              <TemplateForm
                key={chosen.id}
                template={chosen}
                onSave={(saved) => {
                  const known = templates.some(({ id }) => id === saved.id)
                  setChosen(saved)
                  void keep(
                    known
                      ? templates.map((each) => (each.id === saved.id ? saved : each))
                      : [saved, ...templates].slice(0, 300),
                  )
                }}
              />
            )
          )}
        </div>
      </div>
    </Modal>
  )
}
