import { Button, Input } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ReportTemplate } from '../../../shared/settings/index.ts'
import { exportTemplates, importTemplates } from './exchange.ts'

/** One's templates as a text to hand on, and those of others taken in. */
export function TemplateExchange({
  own,
  onOwn,
}: {
  own: readonly ReportTemplate[]
  onOwn: (templates: ReportTemplate[]) => void
}) {
  const { t } = useTranslation()
  const [text, setText] = useState(() => exportTemplates(own))
  const [told, setTold] = useState('')
  const take = (given: string) => {
    const all = importTemplates(own, given)
    setTold(all ? t('review.templates.imported', { count: all.length }) : t('review.templates.importFailed'))
    if (all) onOwn(all)
  }
  return (
    <div className="template-form" data-testid="template-exchange">
      <p className="quiet">{t('review.templates.exchangeHint')}</p>
      <Input.TextArea
        value={text}
        onChange={(event) => setText(event.target.value)}
        onFocus={(event) => event.target.select()}
        rows={12}
        aria-label={t('review.templates.exchange')}
        data-testid="exchange-text"
      />
      <div className="template-foot">
        <span role="status">{told}</span>
        <label className="file-button">
          {t('review.templates.file')}
          <input
            type="file"
            accept=".json,application/json"
            onChange={async (event) => {
              const [file] = event.target.files ?? []
              if (!file || file.size > 4_000_000) return
              const read = await file.text()
              setText(read)
              take(read)
            }}
          />
        </label>
        <Button onClick={() => take(text)} data-testid="exchange-import">
          {t('review.templates.import')}
        </Button>
      </div>
    </div>
  )
}
