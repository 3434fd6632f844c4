import { Button } from 'antd'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { OwnCredentials } from '../../shared/api/index.ts'
import { useSession } from '../app/session.ts'
import { useClock } from '../bridge/index.ts'
import { dateOf, dateTime, sentenceTime } from '../i18n/index.ts'
import { commonName } from '../token/index.ts'
import type { AccountView } from './account-dialog.tsx'
import './account.css'

const day = 86_400_000
/** From when a certificate's end is worth a colour. */
const soon = 30 * day

interface AccountOverviewProps {
  own: OwnCredentials
  onView: (view: AccountView) => void
}

export function AccountOverview({ own, onView }: AccountOverviewProps) {
  const { t } = useTranslation()
  const session = useSession()
  const now = useClock()()
  const { password, totpEnrolledAt, certificates, lastSignIn } = own
  return (
    <dl className="account" data-testid="account-overview">
      <Row title={t('account.person')}>
        <strong>{session.displayName}</strong>
        <span className="quiet">
          {session.loginName}　{session.roles.map((role) => t(`roles.${role}`)).join(t('account.and'))}
        </span>
      </Row>
      <Row title={t('account.session')}>
        <span>{t(`account.factor.${session.factor}`)}</span>
        <span className="quiet">
          {t('account.sessionUntil', {
            since: sentenceTime(session.startedAt, now),
            until: sentenceTime(session.expiresAt, now),
          })}
        </span>
      </Row>
      <Row title={t('account.lastSignIn')}>
        <span data-testid="last-sign-in">
          {lastSignIn
            ? t('account.lastSignInAt', {
                at: dateTime(lastSignIn.at),
                workstation: lastSignIn.workstation,
              })
            : t('account.firstSignIn')}
        </span>
        <span className={own.failuresSince > 0 ? 'account-warn' : 'quiet'} data-testid="failures-since">
          {own.failuresSince > 0
            ? t('account.failuresSince', { count: own.failuresSince })
            : t('account.noFailures')}
        </span>
      </Row>
      <Row title={t('account.certificates')}>
        {certificates.length === 0 && <span className="quiet">{t('account.noCertificates')}</span>}
        {certificates.map(({ subject, notAfter }) => (
          <span key={`${subject} ${notAfter}`} className="account-certificate" data-testid="own-certificate">
            <span className="account-subject" title={subject}>
              {commonName(subject)}
            </span>
            <span className={notAfter - now < soon ? 'account-warn' : 'quiet'}>
              {notAfter <= now
                ? t('account.certificateEnded', { date: dateOf(notAfter) })
                : t('account.certificateUntil', { date: dateOf(notAfter) })}
            </span>
          </span>
        ))}
      </Row>
      <Row
        title={t('account.password')}
        action={
          password && (
            <Button size="small" onClick={() => onView('password')} data-testid="to-password">
              {t('account.menu.password')}
            </Button>
          )
        }
      >
        <span className={password?.warn ? 'account-warn' : ''} data-testid="password-state">
          {password
            ? t('account.passwordUntil', { date: dateOf(password.expiresAt) })
            : t('account.passwordNone')}
        </span>
        {!password && <span className="quiet">{t('account.passwordNoneHint')}</span>}
      </Row>
      <Row
        title={t('account.totp')}
        action={
          password && (
            <Button size="small" onClick={() => onView('totp')} data-testid="to-totp">
              {t(totpEnrolledAt === null ? 'account.totpEnrol' : 'account.totpAnew')}
            </Button>
          )
        }
      >
        <span>
          {totpEnrolledAt === null
            ? t('account.totpNone')
            : t('account.totpSince', { date: dateOf(totpEnrolledAt) })}
        </span>
        <span className="quiet">{t('account.totpWhat')}</span>
      </Row>
    </dl>
  )
}

function Row(props: { title: string; action?: ReactNode; children: ReactNode }) {
  return (
    <div>
      <dt>{props.title}</dt>
      <dd>{props.children}</dd>
      {props.action && <div className="account-action">{props.action}</div>}
    </div>
  )
}
