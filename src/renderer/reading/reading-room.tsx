import { useQuery } from '@tanstack/react-query'
import { Splitter } from 'antd'
import { lazy, Suspense, use, useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ErrorRegion } from '../app/error-region.tsx'
import { FailureNotice } from '../app/failure-notice.tsx'
import { usePreferences } from '../app/preferences.ts'
import { usePermission } from '../app/session.ts'
import { useBridge } from '../bridge/index.ts'
import { useAction } from '../keys/keys-provider.tsx'
import { examContext } from '../report/exam-context.ts'
import { ReportInsertionsProvider } from '../report/insertions.tsx'
import { ReportPane } from '../report/report-pane.tsx'
import type { ViewerControl } from '../viewer/index.ts'
import { ExamStrip } from './exam-strip.tsx'
import { ImagesWindowContext } from './images-window-button.tsx'
import { studyQuery, useAfterFirstImage } from './open-study.ts'
import { usePortrait } from './portrait.ts'
import './reading.css'

const StudyImages = lazy(() => import('./study-images.tsx'))

/** One exam: images on the left, and for who may read reports the report on the right. */
export function ReadingRoom({ study, onBack }: { study: string; onBack: () => void }) {
  const { t } = useTranslation()
  const bridge = useBridge()
  const readsReports = usePermission('report.read')
  const opened = useQuery(studyQuery(bridge, study))
  const reportDue = useAfterFirstImage(opened.isSuccess || opened.isError)
  const exam = useMemo(() => (opened.data ? examContext(opened.data) : null), [opened.data])
  const viewer = useRef<ViewerControl>(null)
  const imagesElsewhere = use(ImagesWindowContext)?.open ?? false
  const [isWide, setWide] = useState(false)
  const wide = readsReports && isWide
  useAction('reading.back', onBack)
  useAction('reading.images', () => {
    // At once: what is pressed next is not written into the report.
    if (!wide) return viewer.current?.focus()
    setWide(false)
    // Unfolded first, where they were folded away.
    requestAnimationFrame(() => viewer.current?.focus())
  })
  useAction('reading.scrollBack', () => viewer.current?.scroll(-1))
  useAction('reading.scrollOn', () => viewer.current?.scroll(1))
  useAction('reading.wide', () => setWide((before) => !before), readsReports)

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
          <StudyImages study={opened.data.study} order={opened.data.order} control={viewer} />
        ) : (
          <div className="fill-message">{t('reading.opening')}</div>
        )}
      </Suspense>
    </ErrorRegion>
  )
  return (
    <div className="reading" data-testid="reading-room" data-study={study}>
      <ExamStrip
        opened={opened.data ?? null}
        readOnly={!readsReports}
        onBack={onBack}
        wide={
          readsReports ? { on: wide, offered: imagesElsewhere || wide, toggle: () => setWide(!wide) } : null
        }
      />
      <div className="reading-body" data-wide={wide}>
        {readsReports ? (
          <ReportInsertionsProvider onShow={(image) => viewer.current?.showImage(image)}>
            <SideBySide
              images={images}
              wide={wide}
              report={
                reportDue && (
                  <ErrorRegion>
                    <ReportPane
                      study={study}
                      accessionNumber={
                        opened.data?.order?.accessionNumber ?? opened.data?.study.accessionNumber ?? ''
                      }
                      exam={exam}
                    />
                  </ErrorRegion>
                )
              }
            />
          </ReportInsertionsProvider>
        ) : (
          images
        )}
      </div>
    </div>
  )
}

interface SideBySideProps {
  images: React.ReactNode
  report: React.ReactNode
  /** The images are folded away: they go on where they were. */
  wide: boolean
}

/**
 * Images and report with a bar between them, whose place this workstation keeps; one over the other on a screen that stands upright.
 */
function SideBySide({ images, report, wide }: SideBySideProps) {
  const preferences = usePreferences()
  const portrait = usePortrait()
  const [share, setShare] = useState(() => preferences.read().imageShare)
  return (
    <Splitter
      orientation={portrait ? 'vertical' : 'horizontal'}
      onResize={([first = 0, second = 0]) => {
        if (!wide && first + second > 0) setShare(first / (first + second))
      }}
      onResizeEnd={([first = 0, second = 0]) => {
        if (!wide && first + second > 0) preferences.write({ imageShare: first / (first + second) })
      }}
    >
      <Splitter.Panel size={wide ? 0 : `${share * 100}%`} min={wide ? 0 : '30%'} max="85%" resizable={!wide}>
        <div className="reading-images" inert={wide}>
          {images}
        </div>
      </Splitter.Panel>
      <Splitter.Panel min={portrait ? 260 : 360}>{report}</Splitter.Panel>
    </Splitter>
  )
}
