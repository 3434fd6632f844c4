import { type RefObject, useEffect, useRef, useState } from 'react'
import { type Failure, failureOf } from '../../shared/errors/index.ts'
import { emptySecrets, focusFirstEmpty } from './secrets.ts'

export interface Attempt {
  form: RefObject<HTMLFormElement | null>
  busy: boolean
  /** What the last try was refused with. */
  failure: Failure | null
  /** What was found wrong before anything was asked. */
  mistake: string
  /** Empties the form's secrets, runs the call, and afterwards puts the cursor where the person goes on. */
  run: (call: () => Promise<unknown>, outcome?: Outcome) => Promise<void>
  /** Refuses without asking. */
  wrong: (sentence: string) => void
  forget: () => void
}

interface Outcome {
  done?: () => void
  refused?: (failure: Failure) => void
}

/** One form that hands secrets to one call: busy, refused, and nothing left in the page. */
export function useAttempt(): Attempt {
  const form = useRef<HTMLFormElement>(null)
  const [busy, setBusy] = useState(false)
  const [failure, setFailure] = useState<Failure | null>(null)
  const [mistake, setMistake] = useState('')

  // Once the fields are enabled again.
  useEffect(() => {
    if (!busy && failure && form.current) focusFirstEmpty(form.current)
  }, [busy, failure])

  return {
    form,
    busy,
    failure,
    mistake,
    run: async (call, outcome = {}) => {
      if (busy) return
      if (form.current) emptySecrets(form.current)
      setMistake('')
      setFailure(null)
      setBusy(true)
      try {
        await call()
        outcome.done?.()
      } catch (thrown) {
        const refusal = failureOf(thrown)
        outcome.refused?.(refusal)
        setFailure(refusal)
      } finally {
        setBusy(false)
      }
    },
    wrong: (sentence) => {
      setFailure(null)
      setMistake(sentence)
    },
    forget: () => {
      setFailure(null)
      setMistake('')
    },
  }
}
