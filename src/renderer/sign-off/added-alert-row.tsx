import { Button, Select } from 'antd'
import { useId } from 'react'
import { useTranslation } from 'react-i18next'
import type { ReportText } from '../../shared/report/index.ts'
import { AlertPart, type AlertSurroundings } from './alert-part.tsx'
import type { Lack } from './decisions.ts'
import type { Passage } from './excerpt.ts'
import { type AddedAlert, proposedContent } from './work.ts'

interface AddedAlertRowProps extends AlertSurroundings {
  added: AddedAlert
  text: ReportText
  sentences: readonly Passage[]
  onAdded: (added: AddedAlert) => void
  onRemove: () => void
  onNext: () => void
  lack: Lack | null
}

/** A critical value that the radiologist adds: the sentence it stands on, and the alert. */
export function AddedAlertRow(props: AddedAlertRowProps) {
  const { added, text, sentences, onAdded, onRemove, types, lack, disabled } = props
  const { t } = useTranslation()
  const id = useId()
  const words = (passage: Passage | null) =>
    passage ? text[passage.section].slice(passage.start, passage.end) : ''
  const choose = (passage: Passage) => {
    const { alert } = added
    const untouched = alert.content === proposedContent(types, alert.type, words(added.passage))
    const content = proposedContent(types, alert.type, words(passage))
    onAdded({ ...added, passage, alert: { ...alert, content: untouched ? content : alert.content } })
  }
  const chosen = sentences.findIndex(
    ({ section, start }) => section === added.passage?.section && start === added.passage.start,
  )
  return (
    <section
      className={lack ? 'decision decision-lacks' : 'decision'}
      aria-labelledby={`${id}-title`}
      data-testid="added-alert"
      data-item={added.id}
    >
      <div className="decision-head">
        <strong id={`${id}-title`}>{t('signOff.added.title')}</strong>
        <span className="space" />
        <Button size="small" onClick={onRemove} disabled={disabled} data-testid="added-remove">
          {t('signOff.added.remove')}
        </Button>
      </div>
      <div className="alert-fields">
        <label htmlFor={`${id}-passage`}>{t('signOff.added.passage')}</label>
        <Select
          id={`${id}-passage`}
          autoFocus
          showSearch={{ optionFilterProp: 'search' }}
          value={chosen < 0 ? null : chosen}
          placeholder={t('signOff.added.passageSearch')}
          onChange={(index: number) => {
            const passage = sentences[index]
            if (passage) choose(passage)
          }}
          options={sentences.map((passage, index) => ({
            value: index,
            label: `${t(`report.section.${passage.section}`)}：${words(passage)}`,
            search: words(passage),
          }))}
          status={lack === 'passage' || lack === 'same-passage' ? 'error' : ''}
          disabled={disabled}
          data-testid="added-passage"
        />
      </div>
      <AlertPart
        {...props}
        alert={added.alert}
        onAlert={(alert) => onAdded({ ...added, alert })}
        onNotAgain={onRemove}
        onAnswered={props.onNext}
        sentence={words(added.passage)}
        open
      />
      {lack && lack !== 'repeats' && <p className="decision-lack">{t(`signOff.${lack}Missing`)}</p>}
    </section>
  )
}
