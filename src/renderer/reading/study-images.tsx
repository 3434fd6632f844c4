import { useQuery } from '@tanstack/react-query'
import { lazy, type Ref, use, useCallback, useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { framePath } from '../../shared/ipc/index.ts'
import type { Order } from '../../shared/order/index.ts'
import type { Study } from '../../shared/study/index.ts'
import { usePermission } from '../app/session.ts'
import { unwrap, useBridge } from '../bridge/index.ts'
import { useReportInsertions } from '../report/insertions.tsx'
import { useSetting } from '../settings/use-setting.ts'
import type { StudyViewerProps, ViewerControl, ViewerPreferences } from '../viewer/index.ts'
import { createViewerMemory } from '../viewer/viewer-memory.ts'
import { ImagesLinkContext } from './images-link.ts'
import { loadViewer } from './viewer-lifetime.ts'
import { useViewerMemory } from './viewer-memories.ts'

const StudyViewer = lazy(async () => ({ default: (await loadViewer()).StudyViewer }))

interface StudyImagesProps {
  study: Study
  order: Order | null
  control?: Ref<ViewerControl>
}

/** The viewer with its source: attributes over the bridge, frames from the window's own origin; what is made in it goes to the report. */
export default function StudyImages({ study, order, control }: StudyImagesProps) {
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
  const uid = study.studyInstanceUid
  const priors = useQuery({
    queryKey: ['priors', uid],
    queryFn: async () => (await unwrap(bridge.studyPriors({ study: uid }))).priors,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  })
  const memory = useViewerMemory(uid, createViewerMemory)
  return (
    <StudyViewer
      key={uid}
      study={study}
      order={order}
      source={source}
      language={i18n.language === 'en' ? 'en' : 'zh-CN'}
      hangs
      {...(priors.data && { priors: priors.data })}
      preferences={useViewerPreferences()}
      memory={memory}
      windows={use(ImagesLinkContext)}
      {...(control && { control })}
      {...useHost(uid)}
    />
  )
}

function useViewerPreferences(): ViewerPreferences {
  const [viewer, changeViewer] = useSetting('viewer')
  const [hanging, changeHanging] = useSetting('hanging')
  const [{ bindings }] = useSetting('keys')
  return useMemo(
    () => ({ viewer, hanging, keys: bindings, changeViewer, changeHanging }),
    [viewer, hanging, bindings, changeViewer, changeHanging],
  )
}

type Host = Pick<StudyViewerProps, 'onInsertText' | 'onKeyImage' | 'onStoreMeasurements'>

/** Where text, key images and measurements go; what has nowhere to go is not offered. */
function useHost(study: string): Host {
  const bridge = useBridge()
  const stores = usePermission('measurement.store')
  const { ready, insertText, addKeyImage } = useReportInsertions()
  const onInsertText = useCallback((text: string) => void insertText(text), [insertText])
  const onKeyImage = useCallback<NonNullable<Host['onKeyImage']>>(
    async ({ study: of, series, instance, frame, caption, png }) => {
      // A report's key images are of its own exam.
      if (of !== study) throw new Error('a key image of another exam')
      await addKeyImage({ series, instance, frame, caption, png: await base64(png) })
    },
    [study, addKeyImage],
  )
  const onStoreMeasurements = useCallback<NonNullable<Host['onStoreMeasurements']>>(
    async ({ study: of, as, label, measurements, images }) => {
      await unwrap(
        bridge.measurementsStore({
          study: of,
          as,
          label,
          measurements: [...measurements],
          images: [...images],
        }),
      )
    },
    [bridge],
  )
  return {
    ...(ready && { onInsertText, onKeyImage }),
    ...(stores && { onStoreMeasurements }),
  }
}

async function base64(blob: Blob): Promise<string> {
  const bytes = new Uint8Array(await blob.arrayBuffer())
  let text = ''
  for (let at = 0; at < bytes.length; at += 0x8000)
    text += String.fromCharCode(...bytes.subarray(at, at + 0x8000))
  return btoa(text)
}
