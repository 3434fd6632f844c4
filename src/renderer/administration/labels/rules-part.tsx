import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { FailureNotice } from '../../app/failure-notice.tsx'
import { unwrap, useBridge } from '../../bridge/index.ts'
import { administrationKey } from '../frame/listing.ts'
import { RulesEditor } from './rules-editor.tsx'

/** The rules in force, for the security officer to change. */
export function RulesPart() {
  const { t } = useTranslation()
  const bridge = useBridge()
  const query = useQuery({
    queryKey: [administrationKey, 'label-rules'],
    queryFn: () => unwrap(bridge.labelsRules()),
    refetchInterval: 30_000,
  })
  if (query.data) return <RulesEditor inForce={query.data} onStale={() => query.refetch()} />
  if (!query.isError) return <div className="fill-message">{t('app.loading')}</div>
  return (
    <FailureNotice
      title={t('administration.failed')}
      thrown={query.error}
      onRetry={() => void query.refetch()}
    />
  )
}
