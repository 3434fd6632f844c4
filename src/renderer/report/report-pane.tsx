import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ExamContext } from '../../shared/critical/index.ts'
import type { Amendment, DraftAmendment } from '../../shared/report/index.ts'
import { FailureNotice, useFailureSentence } from '../app/failure-notice.tsx'
import { usePermission } from '../app/session.ts'
import { unwrap, useBridge } from '../bridge/index.ts'
import { ForgottenAlert } from './forgotten-alert.tsx'
import { ReportEditor } from './report-editor.tsx'
import { ReportReader } from './report-reader.tsx'
import './report.css'

/**
 * The report of one study: to write, to amend once it is signed, or to read where it is another's or not permitted to
 * write. `exam` is null while the study is not open.
 */
export function ReportPane({ study, exam }: { study: string; exam: ExamContext | null }) {
  const { t } = useTranslation()
  const bridge = useBridge()
  const writes = usePermission('report.write')
  const signs = usePermission('report.sign')
  const sentence = useFailureSentence()
  /** What was begun here on the version that is in force, whether it is saved yet or not. */
  const [begun, setBegun] = useState<{ amendment: Amendment; of: number } | null>(null)
  /** An alert that was forgotten, on that version. */
  const [forgotten, setForgotten] = useState<{ amendment: Amendment; of: number } | null>(null)
  const opened = useQuery({
    queryKey: ['report', study],
    queryFn: () => unwrap(bridge.reportOpen({ study })),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  })
  // An editor takes its text at mount: who comes back at once is not to find the text of before.
  const queries = useQueryClient()
  useEffect(() => () => queries.removeQueries({ queryKey: ['report', study] }), [queries, study])
  if (opened.isError && !opened.data) {
    return (
      <FailureNotice title={t('report.failed')} thrown={opened.error} onRetry={() => void opened.refetch()} />
    )
  }
  if (!opened.data) return <div className="fill-message">{t('app.loading')}</div>

  const { status, lockedBy, text, versions, recovered, amendment } = opened.data
  if (lockedBy) {
    const notice = sentence({
      code: 'report-locked-by-other',
      facts: { name: lockedBy.name, since: lockedBy.since },
    })
    return (
      <ReportReader
        study={study}
        text={text}
        versions={versions}
        notice={notice}
        onAmend={null}
        onForgotten={null}
      />
    )
  }
  const newest = versions.toSorted((a, b) => b.document.version - a.document.version)[0]?.document
  const last = newest?.version ?? 0
  const here = begun?.of === last ? begun.amendment : null
  if (!writes || (last > 0 && status !== 'draft' && !here)) {
    return (
      <>
        <ReportReader
          study={study}
          text={text}
          versions={versions}
          notice={null}
          onAmend={writes ? (chosen) => setBegun({ amendment: chosen, of: last }) : null}
          onForgotten={writes && signs ? (chosen) => setForgotten({ amendment: chosen, of: last }) : null}
        />
        {newest && forgotten?.of === last && (
          <ForgottenAlert
            study={study}
            text={newest.text}
            amendment={forgotten.amendment}
            onBack={() => setForgotten(null)}
          />
        )}
      </>
    )
  }
  // A draft that was begun elsewhere may not say what it is for; it is asked before it is signed.
  const unnamed: DraftAmendment = { kind: 'addendum', reason: '' }
  return (
    <ReportEditor
      key={`${study} ${last}`}
      study={study}
      initial={text}
      recovered={recovered}
      exam={exam}
      amending={
        !newest
          ? null
          : {
              amendment: amendment ?? here ?? unnamed,
              version: last + 1,
              signed: newest.text,
              onGivenUp: () => {
                setBegun(null)
                void opened.refetch()
              },
            }
      }
    />
  )
}
