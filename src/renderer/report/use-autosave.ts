import { useEffect, useEffectEvent, useRef, useState } from 'react'
import { failureOf } from '../../shared/errors/index.ts'
import type { DraftAmendment, KeyImage, ReportText } from '../../shared/report/index.ts'
import { unwrap, useBridge, useBridgeEvent } from '../bridge/index.ts'
import { type Autosave, createAutosave, type SaveState } from './autosave.ts'

/** What a draft holds: its text, its key images, and on a report that is signed already what it is for. */
export interface DraftContent {
  text: ReportText
  amendment: DraftAmendment | null
  keyImages: readonly KeyImage[]
}

/** Saves one study's draft while the component is mounted, and what is left when it goes or the window is hidden. */
export function useAutosave(study: string) {
  const bridge = useBridge()
  const [state, setState] = useState<SaveState>({ unsaved: false, last: null })
  const autosave = useRef<Autosave<DraftContent> | null>(null)

  useEffect(() => {
    const current = createAutosave<DraftContent>({
      save: ({ text, amendment, keyImages }) =>
        unwrap(
          bridge.reportSaveDraft({
            study,
            text,
            keyImages: [...keyImages],
            ...(amendment ? { amendment } : {}),
          }),
        ),
      toFailure: failureOf,
      schedule: (ms, run) => {
        const timer = setTimeout(run, ms)
        return () => clearTimeout(timer)
      },
      onState: setState,
      delayMs: 400,
      retryMs: 2_000,
    })
    autosave.current = current
    const flush = () => void current.flush()
    window.addEventListener('blur', flush)
    window.addEventListener('pagehide', flush)
    document.addEventListener('visibilitychange', flush)
    return () => {
      window.removeEventListener('blur', flush)
      window.removeEventListener('pagehide', flush)
      document.removeEventListener('visibilitychange', flush)
      current.close()
    }
  }, [bridge, study])

  useBridgeEvent('draft', (event) => {
    if (event.study === study) autosave.current?.news(event)
  })
  const change = useEffectEvent((content: DraftContent) => autosave.current?.change(content))
  const late = useEffectEvent((content: DraftContent) => autosave.current?.late(content))
  return {
    state,
    change,
    late,
    flush: async () => autosave.current?.flush(),
    drop: async () => autosave.current?.drop(),
  }
}
