import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ExamContext } from '../../shared/critical/index.ts'
import type { Amendment, DraftAmendment } from '../../shared/report/index.ts'
import { RestrictedNotice } from '../access/restricted-notice.tsx'
import { useFailureSentence } from '../app/failure-notice.tsx'
import { usePermission, useSession } from '../app/session.ts'
import { unwrap, useBridge, useBridgeEvent } from '../bridge/index.ts'
import { ReadOnlyBanner, useReadOnlyExam } from '../worklist/read-only-exam.tsx'
import { ForgottenAlert } from './forgotten-alert.tsx'
import { ReportEditor } from './report-editor.tsx'
import { ReportReader } from './report-reader.tsx'
import { ReviewBanner } from './review/review-banner.tsx'
import { isWritable, standingOf } from './review/standing.ts'
import './report.css'
import './writing.css'

/**
 * The report of one study: to write, to amend once it is signed, or to read where it is another's or not permitted to
 * write. `exam` is null while the study is not open.
 */
export function ReportPane(props: { study: string; accessionNumber: string; exam: ExamContext | null }) {
  const { study, accessionNumber, exam } = props
  const { t } = useTranslation()
  const bridge = useBridge()
  const readOnly = useReadOnlyExam(study)
  const mayWrite = usePermission('report.write')
  const writes = mayWrite && readOnly === null
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
  const { accountId } = useSession()
  const standing = opened.data ? standingOf(opened.data, accountId) : 'writing'
  const reread = () => void queries.invalidateQueries({ queryKey: ['report', study] })
  // Who only looks on sees what the others do with it.
  useBridgeEvent('worklist-changed', () => {
    if (opened.data && !isWritable(standing)) reread()
  })
  if (opened.isError && !opened.data) {
    return (
      <RestrictedNotice
        title={t('report.failed')}
        thrown={opened.error}
        study={study}
        accessionNumber={accessionNumber}
        onRetry={() => void opened.refetch()}
      />
    )
  }
  if (!opened.data) return <div className="fill-message">{t('app.loading')}</div>

  const { status, lockedBy, text, versions, amendment, keyImages, submission } = opened.data
  if (standing !== 'writing' && !isWritable(standing)) {
    return (
      <ReportReader
        study={study}
        text={submission?.text ?? text}
        keyImages={keyImages}
        waits={submission !== null}
        versions={versions}
        banner={
          <ReviewBanner
            study={study}
            standing={standing}
            opened={opened.data}
            notice={
              lockedBy
                ? sentence({
                    code: 'report-locked-by-other',
                    facts: { name: lockedBy.name, since: lockedBy.since },
                  })
                : ''
            }
            onDone={() => {
              void queries.invalidateQueries({ queryKey: ['worklist'] })
              reread()
            }}
            onReject={null}
            changes={null}
          />
        }
        onAmend={null}
        onForgotten={null}
      />
    )
  }
  const newest = versions.toSorted((a, b) => b.document.version - a.document.version)[0]?.document
  const last = newest?.version ?? 0
  const here = begun?.of === last ? begun.amendment : null
  const drafted = status === 'draft' || standing !== 'writing'
  if (!writes || (last > 0 && !drafted && !here)) {
    return (
      <>
        <ReportReader
          study={study}
          text={text}
          keyImages={keyImages}
          waits={false}
          versions={versions}
          banner={readOnly && <ReadOnlyBanner exam={readOnly} />}
          onAmend={writes ? (chosen) => setBegun({ amendment: chosen, of: last }) : null}
          onForgotten={writes && signs ? (chosen) => setForgotten({ amendment: chosen, of: last }) : null}
        />
        {newest && forgotten?.of === last && (
          <ForgottenAlert
            study={study}
            text={newest.text}
            keyImages={newest.keyImages ?? []}
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
      key={`${study} ${last} ${standing}`}
      study={study}
      opened={opened.data}
      standing={standing}
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
