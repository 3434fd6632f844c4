import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import type { BackupStatus } from '../../../shared/api/index.ts'
import { usePermission } from '../../app/session.ts'
import { useBridge } from '../../bridge/index.ts'
import { Page, Section } from '../frame/parted-screen.tsx'
import { ProgressLine } from '../frame/progress-line.tsx'
import { useBeginning } from '../frame/use-beginning.ts'
import { useNow } from '../frame/use-now.ts'
import { OffSite } from './off-site.tsx'
import { summaryOf } from './summary.ts'

const toneClass = { ok: 'state-ok', warn: 'state-warn', bad: 'state-bad', plain: '' } as const

/** The last results in plain words, what runs, and what can be begun. */
export function BackupOverview({ status }: { status: BackupStatus }) {
  const { t } = useTranslation()
  const now = useNow(2000)
  const { running, drilling } = status
  return (
    <Page>
      <Section title={t('areas.backup')} actions={<BackupActions status={status} />} testId="backup-overview">
        {summaryOf(t, status, now).map(({ key, tone, text }) => (
          <p key={key} className={toneClass[tone]} data-testid={`backup-says-${key}`}>
            {text}
          </p>
        ))}
        {running && (
          <ProgressLine
            label={t('dataProtection.backup.running', {
              kind: t(`dataProtection.backup.kinds.${running.kind}`),
            })}
            progress={running.progress}
            now={now}
            testId="backup-progress"
          />
        )}
        {drilling && (
          <ProgressLine
            label={t('dataProtection.backup.drilling')}
            progress={drilling}
            now={now}
            testId="drill-progress"
          />
        )}
      </Section>
      <OffSite places={status.offSite} now={now} />
    </Page>
  )
}

function BackupActions({ status }: { status: BackupStatus }) {
  const { t } = useTranslation()
  const bridge = useBridge()
  const mayRun = usePermission('backup.run')
  const run = useBeginning(bridge.backupRun, t('dataProtection.backup.started'))
  const drill = useBeginning(() => bridge.backupDrill(), t('dataProtection.backup.started'))
  if (!mayRun) return null
  const busy = status.running !== null || run.isPending
  return (
    <>
      <Button
        type="primary"
        disabled={busy}
        onClick={() => run.mutate({ kind: 'full' })}
        data-testid="run-full"
      >
        {t('dataProtection.backup.runFull')}
      </Button>
      <Button
        disabled={busy}
        onClick={() => run.mutate({ kind: 'incremental' })}
        data-testid="run-incremental"
      >
        {t('dataProtection.backup.runIncremental')}
      </Button>
      <Button
        disabled={status.drilling !== null || drill.isPending}
        onClick={() => drill.mutate(undefined)}
        data-testid="run-drill"
      >
        {t('dataProtection.backup.runDrill')}
      </Button>
    </>
  )
}
