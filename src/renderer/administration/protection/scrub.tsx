import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import type { ProtectionStatus } from '../../../shared/api/index.ts'
import { usePermission } from '../../app/session.ts'
import { useBridge } from '../../bridge/index.ts'
import { dateTime } from '../../i18n/index.ts'
import { bytesText, dayTime, durationText } from '../frame/figures.ts'
import { Page, Section } from '../frame/parted-screen.tsx'
import { PlainTable } from '../frame/plain-table.tsx'
import { ProgressLine } from '../frame/progress-line.tsx'
import { useBeginning } from '../frame/use-beginning.ts'
import { useNow } from '../frame/use-now.ts'

const outcomeClass = {
  running: '',
  clean: 'state-ok',
  damaged: 'state-bad',
  interrupted: 'state-warn',
} as const

/** The look at everything that is stored: the one that runs, the next, and how the last ones came out. */
export function Scrub({ scrub }: { scrub: ProtectionStatus['scrub'] }) {
  const { t } = useTranslation()
  const bridge = useBridge()
  const now = useNow(2000)
  const mayScrub = usePermission('protection.scrub')
  const begin = useBeginning(() => bridge.protectionScrub(), t('dataProtection.protection.scrubStarted'))
  const { running, nextAt, runs } = scrub
  const figure = (value: number) => value.toLocaleString('en-US')
  return (
    <Page>
      <Section
        title={t('dataProtection.protection.parts.scrub')}
        actions={
          <>
            {nextAt !== null && (
              <span className="quiet" data-testid="scrub-next">
                {t('dataProtection.protection.scrubNext', { time: dateTime(nextAt).slice(0, 16) })}
              </span>
            )}
            {mayScrub && (
              <Button
                type="primary"
                onClick={() => begin.mutate(undefined)}
                loading={begin.isPending}
                disabled={running !== null}
                data-testid="scrub-now"
              >
                {t('dataProtection.protection.scrubNow')}
              </Button>
            )}
          </>
        }
        testId="scrub"
      >
        {running && (
          <ProgressLine
            label={t('dataProtection.protection.scrubRunning')}
            progress={running}
            now={now}
            testId="scrub-progress"
          />
        )}
        <PlainTable
          label={t('dataProtection.protection.parts.scrub')}
          rows={runs}
          rowKey={({ startedAt }) => String(startedAt)}
          columns={[
            {
              title: t('dataProtection.protection.run.startedAt'),
              render: ({ startedAt }) => dayTime(t, startedAt, now),
            },
            {
              title: t('dataProtection.protection.run.took'),
              render: ({ startedAt, finishedAt }) => durationText(t, (finishedAt ?? now) - startedAt),
            },
            {
              title: t('dataProtection.protection.run.outcome'),
              render: ({ outcome }) => (
                <span className={outcomeClass[outcome]}>
                  {t(`dataProtection.protection.outcomes.${outcome}`)}
                </span>
              ),
            },
            {
              title: t('dataProtection.protection.run.values'),
              render: ({ values }) => figure(values),
              number: true,
            },
            {
              title: t('dataProtection.protection.run.files'),
              render: ({ files }) => figure(files),
              number: true,
            },
            {
              title: t('dataProtection.protection.run.bytes'),
              render: ({ bytes }) => bytesText(bytes),
              number: true,
            },
            {
              title: t('dataProtection.protection.run.damaged'),
              render: ({ damaged }) => (
                <span className={damaged > 0 ? 'state-bad' : ''}>{figure(damaged)}</span>
              ),
              number: true,
            },
            {
              title: t('dataProtection.protection.run.restored'),
              render: ({ restored }) => figure(restored),
              number: true,
            },
          ]}
          empty={t('dataProtection.protection.noScrub')}
          testId="scrub-runs"
        />
      </Section>
    </Page>
  )
}
