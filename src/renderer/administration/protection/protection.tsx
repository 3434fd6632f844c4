import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { FailureNotice } from '../../app/failure-notice.tsx'
import { unwrap, useBridge } from '../../bridge/index.ts'
import { administrationKey } from '../frame/listing.ts'
import { PartedScreen } from '../frame/parted-screen.tsx'
import { Damage } from './damage.tsx'
import { ProtectionOverview } from './overview.tsx'
import { Scrub } from './scrub.tsx'

const parts = ['overview', 'scrub', 'damage'] as const
type Part = (typeof parts)[number]

/** Keys, clock, scrub and damage. While something runs it is asked for every two seconds. */
export function Protection() {
  const { t } = useTranslation()
  const bridge = useBridge()
  const [part, setPart] = useState<Part>('overview')
  const query = useQuery({
    queryKey: [administrationKey, 'protection'],
    queryFn: () => unwrap(bridge.protectionStatus()),
    refetchInterval: ({ state }) => (state.data?.scrub.running || state.data?.rotation ? 2000 : 30_000),
  })
  const status = query.data
  const refresh = () => void query.refetch()
  if (!status) {
    if (query.error)
      return <FailureNotice title={t('dataProtection.failed')} thrown={query.error} onRetry={refresh} />
    return <div className="fill-message">{t('app.loading')}</div>
  }
  const isolated = status.damage.filter(({ state }) => state === 'isolated').length
  return (
    <PartedScreen
      label={t('areas.protection')}
      parts={parts.map((value) => ({
        value,
        label: `${t(`dataProtection.protection.parts.${value}`)}${value === 'damage' && isolated > 0 ? ` ${isolated}` : ''}`,
      }))}
      part={part}
      onPart={setPart}
      testId="protection"
    >
      {query.error && (
        <p className="notice notice-bad" role="alert" data-testid="protection-not-current">
          {t('worklist.notCurrent')}
        </p>
      )}
      {part === 'overview' && <ProtectionOverview status={status} />}
      {part === 'scrub' && <Scrub scrub={status.scrub} />}
      {part === 'damage' && (
        <Damage
          rows={status.damage}
          listing={{ loading: false, error: query.error, refreshing: query.isFetching, refresh }}
        />
      )}
    </PartedScreen>
  )
}
