import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { useSession } from '../app/session.ts'
import { useClock } from '../bridge/index.ts'
import { dateOf, sentenceTime } from '../i18n/index.ts'
import { useOwnCredentials } from './own-credentials.ts'
import { daysLeft } from './password-end.ts'
import './account.css'

export type Notice = 'failures' | 'password'

interface SessionNoticesProps {
  /** What this session has been told and has put away. */
  seen: readonly Notice[]
  onSeen: (notice: Notice) => void
  onChangePassword: () => void
}

/** What a person must know of their own session, below the header; empty on most days. */
export function SessionNotices({ seen, onSeen, onChangePassword }: SessionNoticesProps) {
  const { t } = useTranslation()
  const session = useSession()
  const now = useClock()()
  const { factor, passwordEndsAt } = session
  return (
    <>
      {factor === 'fallback' && (
        <div className="notice" role="status" data-testid="fallback-badge">
          {t('account.fallbackBadge', { until: sentenceTime(session.expiresAt, now) })}
        </div>
      )}
      {passwordEndsAt !== null && !seen.includes('password') && (
        <div className="notice" role="status" data-testid="password-ends">
          <span>
            {t('account.passwordEnds', {
              date: dateOf(passwordEndsAt),
              count: daysLeft(passwordEndsAt, now),
            })}
          </span>
          <Button type="link" size="small" onClick={onChangePassword} data-testid="password-ends-change">
            {t('account.menu.password')}
          </Button>
          <span className="space" />
          <Button
            type="text"
            size="small"
            onClick={() => onSeen('password')}
            data-testid="password-ends-seen"
          >
            {t('account.later')}
          </Button>
        </div>
      )}
      {!seen.includes('failures') && <FailuresNotice onSeen={() => onSeen('failures')} />}
    </>
  )
}

/** Refused attempts since the last sign-in: the person alone can tell whether they were theirs. */
function FailuresNotice({ onSeen }: { onSeen: () => void }) {
  const { t } = useTranslation()
  const { data } = useOwnCredentials()
  if (!data || data.failuresSince === 0) return null
  const { lastSignIn, failuresSince: count } = data
  return (
    <div className="notice notice-info" role="status" data-testid="failures-notice">
      <span>
        {lastSignIn
          ? t('account.failuresNotice', {
              at: dateTimeMinutes(lastSignIn.at),
              workstation: lastSignIn.workstation,
              count,
            })
          : t('account.failuresNoticeFirst', { count })}
      </span>
      <span className="space" />
      <Button type="text" size="small" onClick={onSeen} data-testid="failures-seen">
        {t('account.seen')}
      </Button>
    </div>
  )
}

function dateTimeMinutes(at: number): string {
  return `${dateOf(at)} ${sentenceTime(at, at)}`
}
