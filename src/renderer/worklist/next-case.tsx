import { useQuery } from '@tanstack/react-query'
import { App } from 'antd'
import { createContext, type ReactNode, useContext, useEffect, useMemo, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { failureOf } from '../../shared/errors/index.ts'
import type { WorklistRow } from '../../shared/worklist/index.ts'
import { useFailureSentence } from '../app/failure-notice.tsx'
import { usePermission, useSession } from '../app/session.ts'
import { unwrap, useBridge } from '../bridge/index.ts'
import { useAction } from '../keys/keys-provider.tsx'
import type { ListPlace } from './place.ts'
import { givesBack, isReviewQueue, queueOf, waitingOf } from './queue.ts'

/** The exam to report after the open one; `row` is null where none waits. */
export interface NextCase {
  row: WorklistRow | null
  open: () => void
}

const Context = createContext<NextCase | null>(null)

/** Null where the area has no queue of reports. */
export function useNextCase(): NextCase | null {
  return useContext(Context)
}

interface NextCaseProviderProps {
  /** Null while the list is shown. */
  study: string | null
  /** Where the person is in the list: its filter and order go on. */
  place: Pick<ListPlace, 'filter' | 'sort'>
  onOpen: (study: string) => void
  children: ReactNode
}

/** Exams of the queue that are looked at in one call, and at most so many calls. */
const stretch = 200
const stretches = 10

/** Exams of the queue of which the next is named beforehand. */
const peeked = 50

/**
 * Knows which exam comes next, from the list or while one is open, and goes there: it is claimed before it opens, so that two
 * people never come to the same one; where another was quicker, the one after is tried.
 */
export function NextCaseProvider({ study, place, onOpen, children }: NextCaseProviderProps) {
  const { t } = useTranslation()
  const bridge = useBridge()
  const { message } = App.useApp()
  const sentence = useFailureSentence()
  const person = useSession().displayName
  const writes = usePermission('report.write')
  const mayClaim = usePermission('study.claim')
  const claims = mayClaim && writes
  const queue = useMemo(() => queueOf(place.filter), [place.filter])
  const { sort } = place
  const first = useQuery({
    queryKey: ['worklist', 'next', queue, sort],
    queryFn: () => unwrap(bridge.worklistList({ filter: queue, sort, offset: 0, limit: peeked })),
    enabled: study !== null,
  })
  const passed = useRef(new Set<string>())
  const claimed = useRef<string | null>(null)
  const going = useRef(false)
  /** Where the person is; undefined once this is gone. */
  const at = useRef<string | null | undefined>(study)
  useEffect(() => {
    at.current = study
    return () => {
      at.current = undefined
    }
  }, [study])
  const seat = { study, passed: passed.current, person }
  const peek = waitingOf(first.data?.rows ?? [], queue, seat)

  /** True where it is this person's now, or needs no claim. */
  async function take(uid: string): Promise<boolean> {
    if (!claims || isReviewQueue(queue)) return true
    try {
      await unwrap(bridge.studyClaim({ study: uid, takeOver: false }))
      return true
    } catch (thrown) {
      if (failureOf(thrown).code === 'exam-claimed') return false
      throw thrown
    }
  }

  async function go(): Promise<void> {
    const again: WorklistRow[] = []
    let left: WorklistRow | undefined
    let taken: string | null = null
    /** Said to be theirs before: that is not given back for them. */
    let wasOwn = false
    const tryAll = async (rows: readonly WorklistRow[]) => {
      for (const { studyInstanceUid: uid, claimedBy } of rows) {
        if (taken !== null || uid === null || !(await take(uid))) continue
        taken = uid
        wasOwn = claimedBy?.own === true
      }
    }
    for (let call = 0; call < stretches && taken === null; call += 1) {
      const offset = call * stretch
      const page = await unwrap(bridge.worklistList({ filter: queue, sort, offset, limit: stretch }))
      const waiting = waitingOf(page.rows, queue, seat)
      left ??= page.rows.find((row) => row.studyInstanceUid === study)
      again.push(...waiting.passed)
      await tryAll(waiting.fresh)
      if (offset + page.rows.length >= page.total) break
    }
    // All others were passed over before: round again.
    if (taken === null) await tryAll(again)
    // Who went elsewhere meanwhile is not fetched away from there, and claims nothing.
    if (at.current !== study) {
      const claimedHere = taken !== null && taken !== at.current && claims && !wasOwn && !isReviewQueue(queue)
      if (claimedHere && taken !== null) void bridge.studyRelease({ study: taken })
      return
    }
    if (taken === null) return void message.info({ content: t('reading.nextNone'), key: 'next-none' })
    if (study !== null) {
      passed.current.add(study)
      if (claimed.current === study && givesBack(left)) {
        // Whoever comes next may have it; where this fails, the claim ends by itself.
        void bridge.studyRelease({ study })
      }
    }
    claimed.current = claims && !wasOwn ? taken : null
    onOpen(taken)
  }

  const open = () => {
    if (going.current) return
    going.current = true
    go()
      .catch((thrown) => void message.error(sentence(failureOf(thrown))))
      .finally(() => {
        going.current = false
      })
  }
  useAction('reading.next', open, study !== null)
  useAction('list.next', open, study === null && writes)
  const row = peek.fresh[0] ?? peek.passed[0] ?? null
  return <Context value={study === null ? null : { row, open }}>{children}</Context>
}
