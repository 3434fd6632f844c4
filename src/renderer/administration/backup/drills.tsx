import { useTranslation } from 'react-i18next'
import type { DrillRow } from '../../../shared/api/index.ts'
import { dateTime } from '../../i18n/index.ts'
import { durationText } from '../frame/figures.ts'
import { Page, Section } from '../frame/parted-screen.tsx'
import { checkFigureText, checkText, sourceText } from './backup-words.ts'

/** Every restore that was tried out, the newest first, with what was checked. */
export function Drills({ drills }: { drills: readonly DrillRow[] }) {
  const { t } = useTranslation()
  if (drills.length === 0) {
    return (
      <Page>
        <p className="state-warn" data-testid="no-drill">
          {t('dataProtection.backup.noDrill')}
        </p>
      </Page>
    )
  }
  return (
    <Page>
      {drills
        .toSorted((a, b) => b.startedAt - a.startedAt)
        .map((drill) => (
          <Drill key={drill.id} drill={drill} />
        ))}
    </Page>
  )
}

function Drill({ drill }: { drill: DrillRow }) {
  const { t } = useTranslation()
  const passed = drill.outcome === 'passed'
  return (
    <Section
      title={dateTime(drill.startedAt)}
      actions={
        <span className={passed ? 'state-ok' : 'state-bad'}>
          {t(`dataProtection.backup.outcomes.${drill.outcome}`)}
        </span>
      }
      testId="drill"
    >
      <dl className="facts-list">
        <dt>{t('dataProtection.backup.from')}</dt>
        <dd className="mono">{drill.backupId || t('dataProtection.backup.none')}</dd>
        <dt>{t('dataProtection.backup.source')}</dt>
        <dd>{sourceText(t, drill.source)}</dd>
        <dt>{t('dataProtection.backup.restoreTime')}</dt>
        <dd>{durationText(t, drill.restoreSeconds * 1000)}</dd>
        <dt>{t('dataProtection.backup.lossTime')}</dt>
        <dd>{durationText(t, drill.lossSeconds * 1000)}</dd>
        <dt>{t('dataProtection.backup.checks')}</dt>
        <dd>
          <ul className="check-list">
            {drill.checks.map((check) => (
              <li key={check.name}>
                <span className={check.passed ? 'state-ok' : 'state-bad'}>
                  {t(`dataProtection.backup.${check.passed ? 'passed' : 'notPassed'}`)}
                </span>
                <span>{checkText(t, check.name)}</span>
                <span className="quiet number">{checkFigureText(t, check)}</span>
              </li>
            ))}
          </ul>
        </dd>
      </dl>
    </Section>
  )
}
