import { Button } from 'antd'
import { useEffect, useEffectEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useAlertsPanel } from '../panel.ts'
import { useCallOut } from './call-out.ts'
import { useAttention } from './memory.ts'
import { keepFocus, NoticeLine, noticeSentence } from './notice-line.tsx'
import type { Notice } from './notices.ts'
import { useQuiet } from './quiet.ts'
import { responseTo } from './response.ts'
import { useTitleMark } from './title-mark.ts'
import { useNotices } from './use-notices.ts'
import './attention.css'

/**
 * Below the header, in the flow: it covers neither image nor report, and takes the focus from nobody. The gravest notice
 * stands alone; the others unfold. What calls for attention rings and flashes once, when it appears.
 */
export function AttentionBar() {
  const { t } = useTranslation()
  const { quiet } = useQuiet()
  const { memory, step } = useAttention()
  const { notices, unreadable } = useNotices()
  const panel = useAlertsPanel()
  const [unfolded, setUnfolded] = useState(false)
  const calls = notices.length > 0 || unreadable
  const callOut = useCallOut(calls)
  useTitleMark(calls ? t('alerts.attention.waiting', { count: notices.length || '!' }) : null)

  const onNotices = useEffectEvent(() => {
    const fresh = notices.filter(({ key }) => !memory.rung.includes(key))
    if (fresh.length === 0) return
    step({ kind: 'rung', keys: fresh.map(({ key }) => key) })
    callOut(fresh.map(({ alert, why }) => responseTo({ level: alert.level, why }, { quiet, locked: false })))
  })
  useEffect(() => {
    if (notices.length > 0) onNotices()
  }, [notices])
  // What it is about cannot be read: it rings as what was heard.
  const onUnreadable = useEffectEvent(() =>
    callOut(memory.heard.map((heard) => responseTo(heard, { quiet, locked: false }))),
  )
  useEffect(() => {
    if (unreadable) onUnreadable()
  }, [unreadable])

  const see = (seen: readonly Notice[]) => step({ kind: 'seen', keys: seen.flatMap(({ keys }) => keys) })
  const open = (notice: Notice) => {
    see([notice])
    const form = notice.why === 'check-requested' ? 'check' : callFor(notice) ? 'call' : null
    panel.show({ alert: notice.alert.id, form })
  }
  const [first, ...rest] = notices

  return (
    <section className="attention" aria-label={t('alerts.attention.region')} data-testid="attention">
      <Announcement notice={first} />
      {unreadable && (
        <div className="notice notice-bad" role="alert" data-testid="attention-unreadable">
          <span>{t('alerts.attention.unreadable')}</span>
          <Button type="link" size="small" onClick={() => panel.show({})}>
            {t('alerts.attention.view')}
          </Button>
        </div>
      )}
      {first && (
        <NoticeLine notice={first} onOpen={() => open(first)} onSeen={() => see([first])}>
          {rest.length > 0 && (
            <Button
              type="text"
              size="small"
              aria-expanded={unfolded}
              onMouseDown={keepFocus}
              onClick={() => setUnfolded(!unfolded)}
              data-testid="attention-more"
            >
              {unfolded ? t('alerts.attention.less') : t('alerts.attention.more', { count: rest.length })}
            </Button>
          )}
        </NoticeLine>
      )}
      {unfolded && rest.length > 0 && (
        <div className="attention-rest">
          {rest.map((notice) => (
            <NoticeLine
              key={notice.alert.id}
              notice={notice}
              onOpen={() => open(notice)}
              onSeen={() => see([notice])}
            />
          ))}
          <div className="attention-all">
            <Button
              size="small"
              onMouseDown={keepFocus}
              onClick={() => see(notices)}
              data-testid="attention-all-seen"
            >
              {t('alerts.attention.allSeen')}
            </Button>
          </div>
        </div>
      )}
    </section>
  )
}

/** Whether the telephone is what is left to do. */
function callFor({ why }: Notice): boolean {
  return why === 'exhausted' || why === 'refused'
}

/** For who listens to the screen: at once where a patient waits, else at the next pause. Both regions stand before they speak. */
function Announcement({ notice }: { notice: Notice | undefined }) {
  const { t } = useTranslation()
  const pressing = notice !== undefined && (callFor(notice) || notice.alert.level === 'red')
  const sentence = notice ? noticeSentence(t, notice) : ''
  return (
    <>
      <p className="hidden-words" role="alert">
        {pressing ? sentence : ''}
      </p>
      <p className="hidden-words" role="status">
        {pressing ? '' : sentence}
      </p>
    </>
  )
}
