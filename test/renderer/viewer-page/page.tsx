import './no-code-generation.ts'
import { cache, Enums, getRenderingEngine, type StackViewport } from '@cornerstonejs/core'
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { createRoot } from 'react-dom/client'
import { SessionContext } from '../../../src/renderer/app/session.ts'
import { BridgeProvider } from '../../../src/renderer/bridge/index.ts'
import { KeysProvider } from '../../../src/renderer/keys/keys-provider.tsx'
import {
  createViewerMemory,
  deliveredPreferences,
  type ImageSource,
  type KeyImageCapture,
  releaseViewer,
  type StoreRequest,
  StudyViewer,
  warmUpViewer,
} from '../../../src/renderer/viewer/index.ts'
import { type Bridge, framePath } from '../../../src/shared/ipc/index.ts'
import type { Order } from '../../../src/shared/order/index.ts'
import type { SessionView } from '../../../src/shared/session/index.ts'
import type { DicomJson, Study, StudySummary } from '../../../src/shared/study/index.ts'
import './page.css'

/** What the test reads: policy violations since load, pixels held, and the two calls that have no button. */
const page = {
  violations: [] as string[],
  failures: [] as unknown[],
  /** What was given to the report and to the archive. */
  inserted: [] as string[],
  keyImages: [] as (Omit<KeyImageCapture, 'png'> & { png: string })[],
  stored: [] as StoreRequest[],
  /** Outlives the viewer, as the host's does. */
  memory: createViewerMemory(),
  reopen: () => {},
  releaseViewer,
  warmUpViewer,
  cacheSize: () => cache.getCacheSize(),
  /** Makes an image be fetched and decoded again when it is shown next. */
  dropImage: (imageId: string) => cache.removeImageLoadObject(imageId),
}
/**
 * The pane's own canvas as it is when one image column is one canvas pixel wide, without smoothing: grey or RGBA bytes of the part that
 * the image takes, and how many canvas rows one image row is high.
 */
async function pixelsAtOneToOne(number: number) {
  const viewport = getRenderingEngine('vigil')?.getViewport<StackViewport>(`vigil-pane-${number}`)
  const data = viewport?.getImageData()
  if (!viewport || !data) return null
  const { dimensions, spacing } = data
  viewport.setProperties({ interpolationType: Enums.InterpolationType.NEAREST })
  viewport.resetCamera()
  const { canvas } = viewport
  viewport.setCamera({ ...viewport.getCamera(), parallelScale: (canvas.height * spacing[0]!) / 2 })
  const tall = spacing[1]! / spacing[0]!
  const [width, height] = [dimensions[0]!, Math.round(dimensions[1]! * tall)]
  const { origin } = data
  // The outer corner of the first pixel, whose centre the origin is.
  const corner = () => {
    const [x, y] = viewport.worldToCanvas([origin[0]!, origin[1]!, origin[2]!])
    return [x - 0.5, y - tall / 2] as const
  }
  const [x, y] = corner()
  // Moved so that image pixels lie on canvas pixels, not across two.
  const { viewUp = [0, 0, 0], viewPlaneNormal = [0, 0, 0], focalPoint, position } = viewport.getCamera()
  const [u, n] = [viewUp, viewPlaneNormal]
  const aside = [u[1] * n[2] - u[2] * n[1], u[2] * n[0] - u[0] * n[2], u[0] * n[1] - u[1] * n[0]]
  const moved = (point: readonly number[] | undefined) =>
    [0, 1, 2].map(
      (k) =>
        (point?.[k] ?? 0) + spacing[0]! * (u[k]! * (Math.round(y) - y) - aside[k]! * (Math.round(x) - x)),
    ) as [number, number, number]
  viewport.setCamera({ ...viewport.getCamera(), focalPoint: moved(focalPoint), position: moved(position) })
  // Twice: the first to come may be of what was asked for before.
  for (let i = 0; i < 2; i++) {
    const drawn = new Promise((done) =>
      viewport.element.addEventListener(Enums.Events.IMAGE_RENDERED, done, { once: true }),
    )
    viewport.render()
    await drawn
  }
  const [left, top] = corner().map(Math.round) as [number, number]
  const found = canvas.getContext('2d')!.getImageData(left, top, width, height)
  let text = ''
  for (let i = 0; i < found.data.length; i += 4096)
    text += String.fromCharCode(...found.data.subarray(i, i + 4096))
  return { left, top, width, height, tall, rgba: btoa(text) }
}
Object.assign(page, { pixelsAtOneToOne })
Object.assign(window, { page })
document.addEventListener('securitypolicyviolation', (event) => {
  page.violations.push(
    `${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}`,
  )
})

async function get<T>(path: string): Promise<T> {
  const response = await fetch(path)
  const body = (await response.json()) as T & { code?: string }
  if (!response.ok) throw Object.assign(new Error(body.code), { code: body.code })
  return body
}

const source: ImageSource = {
  study: async (study) => (await get<{ study: Study }>(`api/study/${study}`)).study,
  metadata: (study, series) => get<DicomJson[]>(`api/metadata/${study}/${series}`),
  frameUrl: (study, series, instance, frame) => `/${framePath(study, series, instance, frame)}`,
}

const query = new URLSearchParams(location.search)
const language = query.get('lang') === 'en' ? 'en' : 'zh-CN'

async function base64(blob: Blob): Promise<string> {
  const bytes = new Uint8Array(await blob.arrayBuffer())
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''))
}

const host = {
  onInsertText: (text: string) => void page.inserted.push(text),
  onKeyImage: async ({ png, ...rest }: KeyImageCapture) => {
    page.keyImages.push({ ...rest, png: await base64(png) })
  },
  onStoreMeasurements: async (request: StoreRequest) => void page.stored.push(request),
}

function Page() {
  const [turn, setTurn] = useState(0)
  const [viewer, setViewer] = useState(deliveredPreferences.viewer)
  page.reopen = () => setTurn((before) => before + 1)
  const [studies, setStudies] = useState<StudySummary[]>([])
  const [chosen, setChosen] = useState<{ study: Study; order: Order | null }>()
  const uid = query.get('study')

  useEffect(() => {
    void warmUpViewer()
    if (uid) void get<{ study: Study; order: Order | null }>(`api/study/${uid}`).then(setChosen)
    else void get<StudySummary[]>('api/studies').then(setStudies)
  }, [uid])

  if (uid)
    return chosen ? (
      <StudyViewer
        key={turn}
        study={chosen.study}
        order={chosen.order}
        source={source}
        language={language}
        memory={page.memory}
        preferences={{ ...deliveredPreferences, viewer, changeViewer: async (next) => setViewer(next) }}
        {...host}
        onFailure={(failure) => page.failures.push(failure)}
      />
    ) : null
  return (
    <div className="page">
      <nav>
        {studies.map((study) => (
          <a key={study.studyInstanceUid} href={`?study=${study.studyInstanceUid}`}>
            {`${study.modalities.join('/')} ${study.patientName} ${study.description} (${study.instanceCount})`}
          </a>
        ))}
      </nav>
    </div>
  )
}

const root = document.getElementById('root')
// A person without settings of their own: keys are as delivered, and nothing is asked of the bridge.
const nobody = { id: 'test', permissions: [] } as unknown as SessionView
if (root)
  createRoot(root).render(
    <BridgeProvider door={{ bridge: {} as Bridge, clock: Date.now }}>
      <SessionContext value={nobody}>
        <QueryClientProvider client={new QueryClient()}>
          <KeysProvider>
            <Page />
          </KeysProvider>
        </QueryClientProvider>
      </SessionContext>
    </BridgeProvider>,
  )
