import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { OfficerRole } from '../../shared/access/index.ts'
import { administrationKey } from '../administration/index.ts'
import { FailureNotice } from '../app/failure-notice.tsx'
import { unwrap, useBridge } from '../bridge/index.ts'
import { OfficerCard } from './officer-card.tsx'
import './bootstrap.css'

/** The bootstrap administrator's only work: the three officers, each a person with a key of their own. */
export default function BootstrapScreen() {
  const { t } = useTranslation()
  const bridge = useBridge()
  const state = useQuery({
    queryKey: [administrationKey, 'bootstrap'],
    queryFn: () => unwrap(bridge.bootstrapState()),
  })
  if (!state.data) {
    return state.isError ? (
      <FailureNotice
        title={t('administration.failed')}
        thrown={state.error}
        onRetry={() => void state.refetch()}
      />
    ) : (
      <div className="fill-message">{t('app.loading')}</div>
    )
  }
  const { created } = state.data
  return (
    <div className="bootstrap" data-testid="bootstrap-screen">
      <h1>{t('administration.bootstrap.title')}</h1>
      <p className="dialog-text">{t('administration.bootstrap.text')}</p>
      <p role="status" data-testid="bootstrap-progress">
        {t('administration.bootstrap.progress', { done: created.length, all: OfficerRole.options.length })}
        {created.length === OfficerRole.options.length - 1 && ` ${t('administration.bootstrap.last')}`}
      </p>
      <div className="bootstrap-cards">
        {OfficerRole.options.map((role) => (
          <OfficerCard
            key={role}
            role={role}
            createdName={created.find((each) => each.role === role)?.displayName ?? null}
          />
        ))}
      </div>
    </div>
  )
}
