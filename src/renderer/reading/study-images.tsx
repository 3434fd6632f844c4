import { lazy, useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { framePath } from '../../shared/ipc/index.ts'
import type { Order } from '../../shared/order/index.ts'
import type { Study } from '../../shared/study/index.ts'
import { unwrap, useBridge } from '../bridge/index.ts'
import { loadViewer } from './viewer-lifetime.ts'

const StudyViewer = lazy(async () => ({ default: (await loadViewer()).StudyViewer }))

/** The viewer with its source: attributes over the bridge, frames from the window's own origin. */
export default function StudyImages({ study, order }: { study: Study; order: Order | null }) {
  const { i18n } = useTranslation()
  const bridge = useBridge()
  const source = useMemo(
    () => ({
      study: async (uid: string) => (await unwrap(bridge.studyOpen({ study: uid }))).study,
      metadata: (studyUid: string, series: string) =>
        unwrap(bridge.seriesMetadata({ study: studyUid, series })),
      frameUrl: (studyUid: string, series: string, instance: string, frame: number) =>
        new URL(framePath(studyUid, series, instance, frame), document.baseURI).href,
    }),
    [bridge],
  )
  return (
    <StudyViewer
      study={study}
      order={order}
      source={source}
      language={i18n.language === 'en' ? 'en' : 'zh-CN'}
    />
  )
}
