import { Button, Progress } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { DictionaryVersion } from '../../../shared/api/dictionary.ts'
import { failureOf } from '../../../shared/errors/index.ts'
import { FailureNotice, useFailureSentence } from '../../app/failure-notice.tsx'
import { ChoiceField } from '../fields/field.tsx'
import { DryRunResult } from './dry-run-result.tsx'
import { useDryRun } from './use-dry-run.ts'

interface DryRunPageProps {
  draft: DictionaryVersion | null
  /** Edits that the gateway does not have, or may not take, are not tried: why not, in words. */
  whyNot: string | null
}

const months = ['1', '3', '6', '12', '24', '60'] as const

/** What the draft would change: tried on the reports that were signed in the last months. */
export function DryRunPage({ draft, whyNot }: DryRunPageProps) {
  const { t } = useTranslation()
  const sentence = useFailureSentence()
  const { last, begin } = useDryRun()
  const [chosen, setChosen] = useState<(typeof months)[number]>('3')
  const run = last.data
  const running = run?.state === 'running' && run.revision === draft?.revision
  const outdated = run && draft && run.revision !== draft.revision
  return (
    <div className="dry-run-page" data-testid="dry-run">
      <div className="compare-bar">
        <ChoiceField
          label={t('dictionary.dryRun.months')}
          value={chosen}
          onChange={setChosen}
          choices={months.map((each) => [each, t('dictionary.dryRun.lastMonths', { n: each })])}
          disabled={running}
          testId="dry-run-months"
        />
        <Button
          type="primary"
          onClick={() => draft && begin.mutate({ revision: draft.revision, months: Number(chosen) })}
          disabled={!draft || whyNot !== null || running}
          loading={begin.isPending || running}
          data-testid="dry-run-begin"
        >
          {t('dictionary.dryRun.begin')}
        </Button>
        <span className="quiet">
          {draft ? (whyNot ?? t('dictionary.dryRun.text')) : t('dictionary.dryRun.noDraft')}
        </span>
      </div>
      {begin.isError && (
        <p className="notice notice-bad" role="alert" data-testid="dry-run-refused">
          {sentence(failureOf(begin.error))}
        </p>
      )}
      {outdated && (
        <p className="notice" role="status" data-testid="dry-run-outdated">
          {t('dictionary.dryRun.outdated')}
        </p>
      )}
      {last.isError ? (
        <FailureNotice
          title={t('administration.failed')}
          thrown={last.error}
          onRetry={() => void last.refetch()}
        />
      ) : run?.state === 'running' ? (
        <div className="dry-run-progress" role="status" data-testid="dry-run-progress">
          <Progress percent={run.total === 0 ? 0 : Math.round((100 * run.scanned) / run.total)} />
          <p className="quiet number">
            {t('dictionary.dryRun.scanning', { scanned: run.scanned, total: run.total })}
          </p>
        </div>
      ) : run?.state === 'failed' ? (
        <p className="notice notice-bad" role="alert">
          {t('dictionary.dryRun.failed')}
        </p>
      ) : run ? (
        <DryRunResult run={run} />
      ) : (
        <div className="fill-message" data-testid="dry-run-none">
          {t(last.isPending ? 'app.loading' : 'dictionary.dryRun.none')}
        </div>
      )}
    </div>
  )
}
