import { useQuery } from '@tanstack/react-query'
import { Segmented } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { FailureNotice } from '../../app/failure-notice.tsx'
import { unwrap, useBridge } from '../../bridge/index.ts'
import { administrationKey } from '../frame/listing.ts'
import { PolicyEditor } from './policy-editor.tsx'
import { PolicyHistory } from './policy-history.tsx'
import './policy.css'

/** The security policy: the version in force, for the security officer to change, and the versions before it. */
export function PolicyScreen() {
  const { t } = useTranslation()
  const bridge = useBridge()
  const [part, setPart] = useState<'current' | 'history'>('current')
  const query = useQuery({
    queryKey: [administrationKey, 'policy'],
    queryFn: () => unwrap(bridge.administrationPolicy()),
    refetchInterval: 30_000,
  })
  return (
    <div className="list-screen" data-testid="policy-screen">
      <div className="toolbar">
        <Segmented
          value={part}
          onChange={setPart}
          options={[
            { value: 'current', label: t('administration.policy.current') },
            { value: 'history', label: t('administration.policy.history') },
          ]}
          aria-label={t('areas.policy')}
          data-testid="policy-part"
        />
        {query.isError && query.data && (
          <span className="list-not-current" role="alert">
            {t('worklist.notCurrent')}
          </span>
        )}
      </div>
      <div className="list-body">
        {/* Hidden, not gone, while the history shows: what was typed stays. */}
        <div className="policy-part" hidden={part !== 'current'}>
          {query.data ? (
            <PolicyEditor inForce={query.data} onStale={() => query.refetch()} />
          ) : query.isError ? (
            <FailureNotice
              title={t('administration.failed')}
              thrown={query.error}
              onRetry={() => void query.refetch()}
            />
          ) : (
            <div className="fill-message">{t('app.loading')}</div>
          )}
        </div>
        {part === 'history' && <PolicyHistory />}
      </div>
    </div>
  )
}
