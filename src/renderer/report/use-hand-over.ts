import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { type Failure, failureOf } from '../../shared/errors/index.ts'
import {
  inconsistenciesOf,
  inconsistencyName,
  type ReportFacts,
} from '../../shared/report/consistency/index.ts'
import type { ReportText } from '../../shared/report/index.ts'
import { unwrap, useBridge } from '../bridge/index.ts'
import type { HandOver } from './review/hand-over-dialog.tsx'

interface HandOverParts {
  study: string
  facts: ReportFacts
  /** Critical findings that need a decision, as the text stands. */
  suspected: number
  /** Nothing is saved any more; what is given goes on being saved where it failed. */
  autosave: { drop(): Promise<void>; resume(): void }
  onSign: (text: ReportText) => void
  /** It was not handed in: one writes on. */
  onFailed: () => void
}

/** The way from the text to the signature or to review: what is serious is corrected or confirmed first, and once. */
export function useHandOver({ study, facts, suspected, autosave, onSign, onFailed }: HandOverParts) {
  const bridge = useBridge()
  const queries = useQueryClient()
  const [asked, setAsked] = useState<(HandOver & { text: ReportText }) | null>(null)
  const [confirmed, setConfirmed] = useState<ReadonlySet<string>>(new Set())
  const [busy, setBusy] = useState(false)
  const [failure, setFailure] = useState<Failure | null>(null)

  const submit = async (text: ReportText) => {
    setBusy(true)
    setFailure(null)
    await autosave.drop()
    try {
      await unwrap(bridge.reportSubmit({ study, text }))
    } catch (thrown) {
      autosave.resume()
      setFailure(failureOf(thrown))
      setBusy(false)
      setTimeout(onFailed)
      return
    }
    void queries.invalidateQueries({ queryKey: ['worklist'] })
    await queries.invalidateQueries({ queryKey: ['report', study] })
    setBusy(false)
  }
  const go = (purpose: HandOver['purpose'], text: ReportText) =>
    purpose === 'sign' ? onSign(text) : void submit(text)

  return {
    asked,
    busy,
    failure,
    begin: (purpose: HandOver['purpose'], text: ReportText) => {
      if (busy) return
      const doubts = inconsistenciesOf(text, facts).filter(
        (doubt) => doubt.weight !== 'hint' && !confirmed.has(inconsistencyName(doubt)),
      )
      const told = purpose === 'submit' ? suspected : 0
      if (doubts.length === 0 && told === 0) go(purpose, text)
      else setAsked({ purpose, doubts, suspected: told, text })
    },
    back: () => setAsked(null),
    confirm: () => {
      if (!asked) return
      setConfirmed(new Set([...confirmed, ...asked.doubts.map(inconsistencyName)]))
      setAsked(null)
      go(asked.purpose, asked.text)
    },
  }
}
