import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { FailureNotice, useFailureSentence } from '../app/failure-notice.tsx'
import { usePermission } from '../app/session.ts'
import { unwrap, useBridge } from '../bridge/index.ts'
import { ReportEditor } from './report-editor.tsx'
import { ReportReader } from './report-reader.tsx'
import './report.css'

/** The report of one study: to write, or to read where it is signed, another's, or not permitted to write. */
export function ReportPane({ study }: { study: string }) {
  const { t } = useTranslation()
  const bridge = useBridge()
  const writes = usePermission('report.write')
  const sentence = useFailureSentence()
  const opened = useQuery({
    queryKey: ['report', study],
    queryFn: () => unwrap(bridge.reportOpen({ study })),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  })
  if (opened.isError && !opened.data) {
    return (
      <FailureNotice title={t('report.failed')} thrown={opened.error} onRetry={() => void opened.refetch()} />
    )
  }
  if (!opened.data) return <div className="fill-message">{t('app.loading')}</div>

  const { status, lockedBy, text, versions, recovered } = opened.data
  if (lockedBy) {
    const notice = sentence({
      code: 'report-locked-by-other',
      facts: { name: lockedBy.name, since: lockedBy.since },
    })
    return <ReportReader study={study} text={text} versions={versions} notice={notice} />
  }
  if (status === 'signed' || !writes)
    return <ReportReader study={study} text={text} versions={versions} notice={null} />
  return <ReportEditor key={study} study={study} initial={text} recovered={recovered} />
}
