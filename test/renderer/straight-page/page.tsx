import '../viewer-page/no-code-generation.ts'
import { useMemo, useState } from 'react'
import { createRoot } from 'react-dom/client'
import { type ImageSource, StudyViewer, warmUpViewer } from '../../../src/renderer/viewer/index.ts'
import type { DicomJson, Study } from '../../../src/shared/study/index.ts'
import { studyOf } from './study.ts'

/**
 * The product's viewer straight on Orthanc, for `npm run bench` to compare with: a list of studies, and the images of the one
 * clicked. One request brings a study's metadata; frames are Orthanc's raw ones, whose ids were looked up beforehand.
 */

interface Facts {
  studies: string[]
  /** Orthanc's id of each SOP Instance UID. */
  ids: Record<string, string>
  /** Of the viewer, in CSS pixels: as large as it is in the product's window. */
  width: number
  height: number
}

async function get<T>(path: string): Promise<T> {
  const answer = await fetch(path)
  if (!answer.ok) throw new Error(`HTTP ${answer.status} for ${path}`)
  return (await answer.json()) as T
}

function Page({ facts }: { facts: Facts }) {
  const [opened, setOpened] = useState<{ study: Study; objects: DicomJson[] } | null>(null)
  const source = useMemo<ImageSource>(
    () => ({
      study: async () => Promise.reject(new Error('no other study')),
      metadata: async () => opened?.objects ?? [],
      frameUrl: (_study, _series, instance, frame) =>
        `/instances/${facts.ids[instance] ?? ''}/frames/${frame - 1}/raw`,
    }),
    [facts, opened],
  )
  const open = async (uid: string) => {
    const objects = await get<DicomJson[]>(`/dicom-web/studies/${uid}/metadata`)
    setOpened({ study: studyOf(objects), objects })
  }
  if (!opened)
    return facts.studies.map((uid) => (
      <button key={uid} type="button" data-study={uid} onClick={() => void open(uid)}>
        {uid}
      </button>
    ))
  return (
    <>
      <button type="button" data-testid="back" onClick={() => setOpened(null)}>
        back
      </button>
      <div ref={sized(facts)}>
        <StudyViewer study={opened.study} order={null} source={source} />
      </div>
    </>
  )
}

const sized =
  ({ width, height }: Facts) =>
  (element: HTMLElement | null) => {
    if (!element) return
    element.style.width = `${width}px`
    element.style.height = `${height}px`
  }

const root = document.getElementById('root')
const facts = await get<Facts>('facts.json')
await warmUpViewer()
if (root) createRoot(root).render(<Page facts={facts} />)
