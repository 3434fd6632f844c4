import { useTranslation } from 'react-i18next'
import { useFailureSentence } from '../app/failure-notice.tsx'
import { clockTime } from '../i18n/index.ts'
import type { SaveState } from './autosave.ts'

/** 已存本机 / 已存网关 / 未能保存; a dot while newer text is on its way. */
export function SaveIndicator({ state }: { state: SaveState }) {
  const { t } = useTranslation()
  const sentence = useFailureSentence()
  const { unsaved, last } = state
  const kind = last?.kind ?? (unsaved ? 'pending' : 'clean')
  return (
    <span
      className={`save-state save-${kind}`}
      role="status"
      data-testid="save-state"
      data-state={kind}
      data-unsaved={unsaved}
      title={kind === 'local' ? t('report.save.localHint') : undefined}
    >
      <span className={unsaved ? 'save-dot save-dot-unsaved' : 'save-dot'} />
      {last === null
        ? t(unsaved ? 'report.save.pending' : 'report.save.clean')
        : last.kind === 'refused'
          ? `${t('report.save.refused')}：${sentence(last.failure)}`
          : t(`report.save.${last.kind}`, { time: clockTime(last.at) })}
    </span>
  )
}
