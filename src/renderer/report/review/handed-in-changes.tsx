import { useTranslation } from 'react-i18next'
import type { ReportText } from '../../../shared/report/index.ts'
import { useClock } from '../../bridge/index.ts'
import { sentenceTime } from '../../i18n/index.ts'
import { sameText } from '../history/entries.ts'
import { useSteps } from '../history/history-dialog.tsx'
import { ReportSections } from '../report-sections.tsx'

/** What the text says now against what was handed in last. */
export function HandedInChanges({ study, present }: { study: string; present: ReportText }) {
  const { t } = useTranslation()
  const clock = useClock()
  const steps = useSteps(study)
  const handedIn = steps.data?.findLast(({ kind }) => kind === 'submitted')
  return (
    <section className="priors handed-in" data-testid="handed-in-changes">
      {handedIn ? (
        <div className="priors-body">
          <p className="quiet">
            {t('review.act.changesTitle', { time: sentenceTime(handedIn.at, clock()) })}
          </p>
          {sameText(handedIn.text, present) ? (
            <p className="quiet">{t('review.act.noChanges')}</p>
          ) : (
            <ReportSections text={present} before={handedIn.text} changedOnly />
          )}
        </div>
      ) : (
        <p className="quiet priors-body">{t(steps.isPending ? 'app.loading' : 'review.history.failed')}</p>
      )}
    </section>
  )
}
