import { useQuery } from '@tanstack/react-query'
import { Modal } from 'antd'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ReportText, SignedReport } from '../../../shared/report/index.ts'
import { FailureNotice } from '../../app/failure-notice.tsx'
import { useFocusReturn } from '../../app/focus-return.ts'
import { unwrap, useBridge, useClock } from '../../bridge/index.ts'
import { shortDateTime } from '../../i18n/index.ts'
import { ReportSections } from '../report-sections.tsx'
import { firstComparison, type HistoryEntry, historyEntries, sameText } from './entries.ts'

interface HistoryDialogProps {
  study: string
  versions: readonly SignedReport[]
  /** The text as it is being written; null for who only reads. */
  present: ReportText | null
  onClose: () => void
}

/** The steps of a report before each signature, oldest first; read anew whenever it is asked for. */
export function useSteps(study: string, enabled = true) {
  const bridge = useBridge()
  return useQuery({
    queryKey: ['report-steps', study],
    queryFn: async () => (await unwrap(bridge.reportSteps({ study }))).steps,
    enabled,
    staleTime: 0,
    gcTime: 0,
  })
}

/** Every state of a report that is known, and what any one changed against any other. */
export function HistoryDialog({ study, versions, present, onClose }: HistoryDialogProps) {
  useFocusReturn()
  const { t } = useTranslation()
  const steps = useSteps(study)
  const entries = useMemo(
    () => historyEntries(versions, steps.data ?? [], present),
    [versions, steps.data, present],
  )
  const [chosen, setChosen] = useState<{ older?: string; newer?: string }>({})
  const first = firstComparison(entries)
  const entry = (id: string | undefined) => entries.find((each) => each.id === id)
  const older = entry(chosen.older) ?? entry(first?.older)
  const newer = entry(chosen.newer) ?? entry(first?.newer)
  return (
    <Modal
      open
      title={t('review.history.title')}
      width={900}
      onCancel={onClose}
      footer={null}
      centered
      destroyOnHidden
      data-testid="history"
    >
      {steps.isError ? (
        <FailureNotice
          title={t('review.history.failed')}
          thrown={steps.error}
          onRetry={() => void steps.refetch()}
        />
      ) : entries.length === 0 ? (
        <p className="quiet">{steps.isPending ? t('app.loading') : t('review.history.none')}</p>
      ) : (
        <div className="history">
          <ol className="history-list" aria-label={t('review.history.choose')}>
            {entries.map((each) => (
              <Row
                key={each.id}
                entry={each}
                older={each === older}
                newer={each === newer}
                onOlder={() => setChosen({ ...chosen, older: each.id })}
                onNewer={() => setChosen({ ...chosen, newer: each.id })}
              />
            ))}
          </ol>
          <div className="history-text" data-testid="history-text">
            {older && newer && older !== newer && sameText(older.text, newer.text) && (
              <p className="quiet">{t('review.history.same')}</p>
            )}
            {newer && <ReportSections text={newer.text} before={older?.text ?? null} />}
          </div>
        </div>
      )}
    </Modal>
  )
}

interface RowProps {
  entry: HistoryEntry
  older: boolean
  newer: boolean
  onOlder: () => void
  onNewer: () => void
}

function Row({ entry, older, newer, onOlder, onNewer }: RowProps) {
  const { t } = useTranslation()
  const clock = useClock()
  const { what, by, at, comment } = entry
  const name =
    what.kind === 'version'
      ? t('review.history.version', { version: what.version })
      : what.kind === 'step'
        ? t(`review.history.kind.${what.step}`)
        : t('review.history.present')
  return (
    <li className={older || newer ? 'history-row history-chosen' : 'history-row'} data-testid="history-row">
      <label title={t('review.history.from')}>
        <input
          type="radio"
          name="older"
          checked={older}
          onChange={onOlder}
          aria-label={`${t('review.history.from')} ${name}`}
        />
      </label>
      <label title={t('review.history.to')}>
        <input
          type="radio"
          name="newer"
          checked={newer}
          onChange={onNewer}
          aria-label={`${t('review.history.to')} ${name}`}
        />
      </label>
      <span className="history-what">
        <strong>{name}</strong>
        {at !== null && (
          <span className="quiet number">
            {by} {shortDateTime(at, clock())}
          </span>
        )}
        {comment !== '' && <span className="history-comment">{comment}</span>}
      </span>
    </li>
  )
}
