import { useEffect, useRef, useState } from 'react'
import type { DictionaryEntry, Finding } from '../../../shared/critical/index.ts'
import type { Answer, Question } from './sentence-worker.ts'
import { usableEntries } from './usable.ts'

const compileAfterMs = 250

/** The findings of a text by entries that are being edited; of the text that was asked about last. */
export function useFindings(entries: readonly DictionaryEntry[], text: string) {
  const worker = useRef<Worker | null>(null)
  const [answered, setAnswered] = useState<{ text: string; findings: Finding[] }>({ text: '', findings: [] })
  const asked = useRef(new Map<number, string>())
  const count = useRef(0)

  useEffect(() => {
    const own = new Worker(new URL('./sentence-worker.ts', import.meta.url), { type: 'module' })
    own.onmessage = ({ data }: MessageEvent<Answer>) => {
      const about = asked.current.get(data.id)
      if (about !== undefined) setAnswered({ text: about, findings: data.findings })
    }
    worker.current = own
    return () => {
      worker.current = null
      own.terminate()
    }
  }, [])
  const sent = useRef(false)
  useEffect(() => {
    const send = () => {
      sent.current = true
      ask(worker.current, { kind: 'dictionary', entries: usableEntries(entries) })
    }
    // The first one at once, later ones when the typing pauses.
    const timer = setTimeout(send, sent.current ? compileAfterMs : 0)
    return () => clearTimeout(timer)
  }, [entries])
  useEffect(() => {
    const id = ++count.current
    asked.current = new Map([[id, text]])
    ask(worker.current, { kind: 'text', id, text })
  }, [text])
  return answered
}

function ask(worker: Worker | null, question: Question): void {
  worker?.postMessage(question)
}
