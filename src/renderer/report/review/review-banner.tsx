import { Button, Popconfirm } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type Failure, failureOf } from '../../../shared/errors/index.ts'
import type { IpcResult } from '../../../shared/ipc/index.ts'
import { useFailureSentence } from '../../app/failure-notice.tsx'
import { usePermission } from '../../app/session.ts'
import { unwrap, useBridge, useClock } from '../../bridge/index.ts'
import { sentenceTime } from '../../i18n/index.ts'
import { useAction } from '../../keys/keys-provider.tsx'
import { CommentForm } from './comment-form.tsx'
import type { Standing } from './standing.ts'

interface ReviewBannerProps {
  study: string
  standing: Exclude<Standing, 'writing'>
  opened: Pick<IpcResult<'report.open'>, 'submission' | 'lockedBy'>
  /** Why it can only be read, where another writes. */
  notice: string
  /** Something was done: the report is to be read again. */
  onDone: () => void
  /** Gives the report back with the text as it stands; null where it is not open here. */
  onReject: ((comment: string) => Promise<void>) | null
  /** Nothing that is typed is saved any more. */
  onLetGo?: () => Promise<void>
  changes: { shown: boolean; toggle: () => void } | null
}

/** Where the report stands and who has it, and what the person can do about it. */
export function ReviewBanner(props: ReviewBannerProps) {
  const { study, standing, opened, notice, onDone, onReject, changes } = props
  const { submission } = opened
  const { t } = useTranslation()
  const bridge = useBridge()
  const clock = useClock()
  const sentence = useFailureSentence()
  const reviews = usePermission('report.review')
  const [asked, setAsked] = useState<'reject' | 'take-over' | null>(null)
  const [busy, setBusy] = useState(false)
  const [failure, setFailure] = useState<Failure | null>(null)
  const act = async (call: () => Promise<unknown>) => {
    setBusy(true)
    setFailure(null)
    try {
      await call()
      onDone()
    } catch (thrown) {
      setFailure(failureOf(thrown))
    }
    setBusy(false)
  }
  const take = () => void act(() => unwrap(bridge.reportTakeReview({ study })))
  useAction('report.review', () => (standing === 'to-review' ? take() : changes?.toggle()))

  const facts = {
    name: submission?.writtenBy.name ?? '',
    reviewer: submission?.reviewer?.name ?? '',
    time: submission ? sentenceTime(submission.submittedAt, clock()) : '',
  }
  const words = standing === 'locked' ? notice : t(`review.banner.${standing}`, facts)
  const suspected = submission?.suspected ?? 0
  return (
    <section className={`standing standing-${standing}`} data-testid="review-banner" data-standing={standing}>
      <div className="standing-line">
        <strong className="standing-stage">{t(`review.stage.${standing}`)}</strong>
        <span
          className="standing-words"
          {...(standing === 'locked' ? { 'data-testid': 'report-locked' } : {})}
        >
          {words}
          {submission?.comment && standing.startsWith('given-back') && (
            <q data-testid="review-comment">{submission.comment}</q>
          )}
        </span>
        <span className="standing-acts">
          {standing === 'handed-in' && (
            <Button
              size="small"
              loading={busy}
              onClick={() => void act(() => unwrap(bridge.reportRecall({ study })))}
              data-testid="recall"
            >
              {t('review.act.recall')}
            </Button>
          )}
          {standing === 'to-review' && reviews && (
            <Button size="small" type="primary" loading={busy} onClick={take} data-testid="take-review">
              {t('review.act.take')}
            </Button>
          )}
          {changes && (
            <Button
              size="small"
              onClick={changes.toggle}
              aria-pressed={changes.shown}
              data-testid="review-changes"
            >
              {t(changes.shown ? 'review.act.changesHide' : 'review.act.changes')}
            </Button>
          )}
          {standing === 'reviewing' && onReject && (
            <>
              <Button size="small" onClick={() => setAsked('reject')} disabled={busy} data-testid="reject">
                {t('review.act.reject')}
              </Button>
              <Popconfirm
                title={t('review.act.releaseAsk')}
                onConfirm={() =>
                  void act(async () => {
                    await props.onLetGo?.()
                    await unwrap(bridge.reportReleaseReview({ study }))
                  })
                }
                placement="bottomRight"
              >
                <Button size="small" loading={busy} data-testid="release-review">
                  {t('review.act.release')}
                </Button>
              </Popconfirm>
            </>
          )}
          {(standing === 'locked' || standing === 'given-back-to-other') && reviews && (
            <Button size="small" onClick={() => setAsked('take-over')} data-testid="take-over">
              {t('review.act.takeOver')}
            </Button>
          )}
        </span>
      </div>
      {suspected > 0 && standing !== 'given-back' && (
        <p className="standing-suspected" role="status" data-testid="suspected">
          {t(standing === 'handed-in' ? 'review.banner.suspectedOwn' : 'review.banner.suspected', {
            count: suspected,
          })}
        </p>
      )}
      {asked === 'reject' && onReject && (
        <CommentForm
          hint={t('review.act.rejectHint')}
          go={t('review.act.rejectGo')}
          onGo={onReject}
          onBack={() => setAsked(null)}
        />
      )}
      {asked === 'take-over' && (
        <CommentForm
          hint={t('review.act.takeOverHint')}
          go={t('review.act.takeOverGo')}
          onGo={async (reason) => {
            await unwrap(bridge.reportTakeOver({ study, reason }))
            setAsked(null)
            onDone()
          }}
          onBack={() => setAsked(null)}
        />
      )}
      {failure && (
        <p className="decision-lack" role="alert" data-testid="review-failed">
          {t('review.act.failed')}
          {sentence(failure)}
        </p>
      )}
    </section>
  )
}
