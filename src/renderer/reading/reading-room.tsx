import { useQuery } from '@tanstack/react-query'
import { Splitter } from 'antd'
import { lazy, Suspense, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ErrorRegion } from '../app/error-region.tsx'
import { FailureNotice } from '../app/failure-notice.tsx'
import { usePreferences } from '../app/preferences.ts'
import { usePermission } from '../app/session.ts'
import { unwrap, useBridge } from '../bridge/index.ts'
import { useAction } from '../keys/keys-provider.tsx'
import { examContext } from '../report/exam-context.ts'
import { ReportPane } from '../report/report-pane.tsx'
import { ExamStrip } from './exam-strip.tsx'
import './reading.css'

const StudyImages = lazy(() => import('./study-images.tsx'))

/** One exam: images on the left, and for who may read reports the report on the right. */
export function ReadingRoom({ study, onBack }: { study: string; onBack: () => void }) {
  const { t } = useTranslation()
  const bridge = useBridge()
  const readsReports = usePermission('report.read')
  const opened = useQuery({
    queryKey: ['study', study],
    queryFn: () => unwrap(bridge.studyOpen({ study })),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  })
  const exam = useMemo(() => (opened.data ? examContext(opened.data) : null), [opened.data])
  useAction('reading.back', onBack)

  const images = (
    <ErrorRegion>
      <Suspense fallback={<div className="fill-message">{t('reading.opening')}</div>}>
        {opened.isError ? (
          <FailureNotice
            title={t('reading.failed')}
            thrown={opened.error}
            onRetry={() => void opened.refetch()}
          />
        ) : opened.data ? (
          <StudyImages study={opened.data.study} order={opened.data.order} />
        ) : (
          <div className="fill-message">{t('reading.opening')}</div>
        )}
      </Suspense>
    </ErrorRegion>
  )
  return (
    <div className="reading" data-testid="reading-room" data-study={study}>
      <ExamStrip opened={opened.data ?? null} readOnly={!readsReports} onBack={onBack} />
      <div className="reading-body">
        {readsReports ? (
          <SideBySide
            images={images}
            report={
              <ErrorRegion>
                <ReportPane study={study} exam={exam} />
              </ErrorRegion>
            }
          />
        ) : (
          images
        )}
      </div>
    </div>
  )
}

/** Images and report with a bar between them, whose place this workstation keeps. */
function SideBySide({ images, report }: { images: React.ReactNode; report: React.ReactNode }) {
  const preferences = usePreferences()
  const [share] = useState(() => preferences.read().imageShare)
  return (
    <Splitter
      onResizeEnd={([left = 0, right = 0]) => {
        if (left + right > 0) preferences.write({ imageShare: left / (left + right) })
      }}
    >
      <Splitter.Panel defaultSize={`${share * 100}%`} min="30%" max="85%">
        {images}
      </Splitter.Panel>
      <Splitter.Panel min={360}>{report}</Splitter.Panel>
    </Splitter>
  )
}
