import './no-code-generation.ts'
import { cache } from '@cornerstonejs/core'
import { useEffect, useState } from 'react'
import { createRoot } from 'react-dom/client'
import {
  type ImageSource,
  releaseViewer,
  StudyViewer,
  warmUpViewer,
} from '../../../src/renderer/viewer/index.ts'
import { framePath } from '../../../src/shared/ipc/index.ts'
import type { Order } from '../../../src/shared/order/index.ts'
import type { DicomJson, Study, StudySummary } from '../../../src/shared/study/index.ts'
import './page.css'

/** What the test reads: policy violations since load, pixels held, and the two calls that have no button. */
const page = {
  violations: [] as string[],
  failures: [] as unknown[],
  releaseViewer,
  warmUpViewer,
  cacheSize: () => cache.getCacheSize(),
  /** Makes an image be fetched and decoded again when it is shown next. */
  dropImage: (imageId: string) => cache.removeImageLoadObject(imageId),
}
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

function Page() {
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
        study={chosen.study}
        order={chosen.order}
        source={source}
        language={language}
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
if (root) createRoot(root).render(<Page />)
