import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { FailureNotice } from '../../app/failure-notice.tsx'
import { unwrap, useBridge } from '../../bridge/index.ts'
import { administrationKey } from '../frame/listing.ts'
import { PartedScreen } from '../frame/parted-screen.tsx'
import { BackupList } from './backup-list.tsx'
import { Drills } from './drills.tsx'
import { BackupOverview } from './overview.tsx'

const parts = ['overview', 'list', 'drills'] as const
type Part = (typeof parts)[number]

/** Backups, their copies elsewhere, and whether they can be restored. While one runs it is asked for every two seconds. */
export function Backup() {
  const { t } = useTranslation()
  const bridge = useBridge()
  const [part, setPart] = useState<Part>('overview')
  const query = useQuery({
    queryKey: [administrationKey, 'backup'],
    queryFn: () => unwrap(bridge.backupStatus()),
    refetchInterval: ({ state: { data } }) =>
      data?.running || data?.drilling || data?.offSite.some(({ sending }) => sending) ? 2000 : 30_000,
  })
  const status = query.data
  const refresh = () => void query.refetch()
  if (!status) {
    if (query.error)
      return <FailureNotice title={t('dataProtection.failed')} thrown={query.error} onRetry={refresh} />
    return <div className="fill-message">{t('app.loading')}</div>
  }
  return (
    <PartedScreen
      label={t('areas.backup')}
      parts={parts.map((value) => ({ value, label: t(`dataProtection.backup.parts.${value}`) }))}
      part={part}
      onPart={setPart}
      testId="backup"
    >
      {query.error && (
        <p className="notice notice-bad" role="alert" data-testid="backup-not-current">
          {t('worklist.notCurrent')}
        </p>
      )}
      {part === 'overview' && <BackupOverview status={status} />}
      {part === 'list' && (
        <BackupList
          rows={status.backups}
          listing={{ loading: false, error: query.error, refreshing: query.isFetching, refresh }}
        />
      )}
      {part === 'drills' && <Drills drills={status.drills} />}
    </PartedScreen>
  )
}
