import { useTranslation } from 'react-i18next'
import type { ProtectionStatus } from '../../../shared/api/index.ts'
import { dateTime } from '../../i18n/index.ts'
import { dayTime } from '../frame/figures.ts'
import { Page, Section } from '../frame/parted-screen.tsx'
import { PlainTable } from '../frame/plain-table.tsx'
import { ProgressLine } from '../frame/progress-line.tsx'
import { useNow } from '../frame/use-now.ts'
import { purposeText } from './protection-words.ts'

/** Which keys protect what, whether they can be lost, and whether the clock is right. */
export function ProtectionOverview({ status }: { status: ProtectionStatus }) {
  const { t } = useTranslation()
  const now = useNow(2000)
  const { masterKey, clock, rotation, keys } = status
  const { escrow, escrowedAt } = masterKey
  return (
    <Page>
      <div className="parted-columns">
        <Section title={t('dataProtection.protection.masterKey')} testId="master-key">
          <dl className="facts-list">
            <dt>{t('dataProtection.protection.kind')}</dt>
            <dd>{t(`dataProtection.protection.masterKinds.${masterKey.kind}`)}</dd>
            <dt>{t('dataProtection.protection.fingerprint')}</dt>
            <dd className="mono">{masterKey.fingerprint}</dd>
            <dt>{t('dataProtection.protection.escrow')}</dt>
            <dd className={escrow ? 'state-ok' : 'state-bad'} data-testid="escrow">
              {escrow
                ? t('dataProtection.protection.escrowed', { ...escrow, time: dayTime(t, escrowedAt, now) })
                : t('dataProtection.protection.noEscrow')}
            </dd>
          </dl>
        </Section>
        <Section title={t('dataProtection.protection.clock')} testId="clock">
          {clock ? (
            <>
              <p>
                {t('dataProtection.protection.clockOk', {
                  source: clock.source,
                  offset: Math.round(clock.offsetMs),
                })}
              </p>
              <p className="quiet">
                {t('dataProtection.protection.clockChecked', { time: dayTime(t, clock.checkedAt, now) })}
              </p>
            </>
          ) : (
            <p className="state-warn">{t('dataProtection.protection.noClock')}</p>
          )}
        </Section>
      </div>
      <Section title={t('dataProtection.protection.keys')} testId="keys">
        {rotation ? (
          <ProgressLine
            label={t('dataProtection.protection.rotation')}
            progress={rotation}
            now={now}
            testId="rotation"
          />
        ) : (
          <p className="quiet">{t('dataProtection.protection.noRotation')}</p>
        )}
        <PlainTable
          label={t('dataProtection.protection.keys')}
          rows={keys}
          rowKey={({ purpose, generation }) => `${purpose} ${generation}`}
          columns={[
            {
              title: t('dataProtection.protection.purpose'),
              render: ({ purpose }) => purposeText(t, purpose),
            },
            {
              title: t('dataProtection.protection.generation'),
              render: ({ generation }) => generation,
              number: true,
            },
            {
              title: t('dataProtection.protection.createdAt'),
              render: ({ createdAt }) => dateTime(createdAt),
            },
            {
              title: t('dataProtection.protection.keyState'),
              render: ({ state }) => (
                <span className={state === 'current' ? 'state-ok' : 'quiet'}>
                  {t(`dataProtection.protection.keyStates.${state}`)}
                </span>
              ),
            },
            {
              title: t('dataProtection.protection.values'),
              render: ({ values }) => (values === null ? '' : values.toLocaleString('en-US')),
              number: true,
            },
          ]}
          empty={t('dataProtection.unknown')}
          testId="key-table"
        />
      </Section>
    </Page>
  )
}
