import { useTranslation } from 'react-i18next'
import type { OffSiteRow } from '../../../shared/api/index.ts'
import { bytesText, dayTime, durationText } from '../frame/figures.ts'
import { Section } from '../frame/parted-screen.tsx'
import { PlainTable } from '../frame/plain-table.tsx'
import { ProgressLine } from '../frame/progress-line.tsx'
import { backupCodeText } from './backup-words.ts'

/** The places outside this machine, and how far behind each is. */
export function OffSite({ places, now }: { places: readonly OffSiteRow[]; now: number }) {
  const { t } = useTranslation()
  return (
    <Section title={t('dataProtection.backup.offSite')} testId="off-site">
      <PlainTable
        label={t('dataProtection.backup.offSite')}
        rows={places}
        rowKey={({ name }) => name}
        columns={[
          { title: t('dataProtection.backup.place'), render: ({ name }) => name },
          {
            title: t('dataProtection.backup.placeKind'),
            render: ({ kind }) => t(`dataProtection.backup.placeKinds.${kind}`),
          },
          {
            title: t('dataProtection.backup.lastTransfer'),
            render: ({ lastTransferAt }) => dayTime(t, lastTransferAt, now),
          },
          {
            title: t('dataProtection.backup.lag'),
            render: ({ lagSeconds, refusedRemovals }) => (
              <>
                {lagSeconds === 0 ? (
                  <span className="state-ok">{t('dataProtection.backup.upToDate')}</span>
                ) : (
                  <span className="state-warn">{durationText(t, lagSeconds * 1000)}</span>
                )}
                {refusedRemovals > 0 && (
                  <div className="quiet">
                    {t('dataProtection.backup.refusedRemovals', { count: refusedRemovals })}
                  </div>
                )}
              </>
            ),
          },
          {
            title: t('dataProtection.backup.waiting'),
            render: ({ waitingBytes, sending }) =>
              sending ? (
                <ProgressLine
                  label={t('dataProtection.backup.sending')}
                  progress={sending}
                  now={now}
                  testId="off-site-progress"
                />
              ) : waitingBytes > 0 ? (
                bytesText(waitingBytes)
              ) : (
                ''
              ),
          },
          {
            title: t('dataProtection.backup.lastError'),
            render: ({ lastError }) =>
              lastError === null ? (
                <span className="quiet">{t('dataProtection.backup.none')}</span>
              ) : (
                <span className="state-bad">{backupCodeText(t, lastError)}</span>
              ),
          },
        ]}
        empty={<span className="state-warn">{t('dataProtection.backup.noOffSite')}</span>}
        testId="off-site-table"
      />
    </Section>
  )
}
