import {
  createContext,
  type ReactNode,
  useContext,
  useEffect,
  useEffectEvent,
  useMemo,
  useState,
} from 'react'
import type { KeyImage } from '../../shared/report/index.ts'

/** An image as the viewer shows it, with its drawings burnt in. */
export interface CapturedImage {
  series: string
  instance: string
  frame: number
  caption: string
  /** base64 */
  png: string
}

/** What the report that is open takes from the images beside it. */
export interface ReportTaker {
  /** At the cursor of the section that was written in last. */
  insertText(text: string): void
  /** Rejects with a failure where it could not be kept. */
  addKeyImage(image: CapturedImage): Promise<void>
}

interface Insertions {
  /** Null while no report is open for writing. */
  taker: ReportTaker | null
  setTaker: (taker: ReportTaker | null) => void
  onShow: (image: KeyImage) => void
}

const Context = createContext<Insertions | null>(null)

/** Joins a report and the images beside it. `onShow` shows the image that a key image was taken of. */
export function ReportInsertionsProvider({
  onShow,
  children,
}: {
  onShow: (image: KeyImage) => void
  children: ReactNode
}) {
  const [taker, setTaker] = useState<ReportTaker | null>(null)
  const [show] = useState(() => ({ now: onShow }))
  useEffect(() => {
    show.now = onShow
  }, [show, onShow])
  const [stable] = useState(() => (image: KeyImage) => show.now(image))
  return <Context value={{ taker, setTaker, onShow: stable }}>{children}</Context>
}

/**
 * For the images' side: puts text and key images into the report that is open. Both answer false where no report is open for writing
 * (`ready` says so beforehand), or outside a ReportInsertionsProvider.
 */
export function useReportInsertions() {
  const taker = useContext(Context)?.taker ?? null
  return useMemo(
    () => ({
      ready: taker !== null,
      insertText: (text: string): boolean => {
        taker?.insertText(text)
        return taker !== null
      },
      addKeyImage: async (image: CapturedImage): Promise<boolean> => {
        await taker?.addKeyImage(image)
        return taker !== null
      },
    }),
    [taker],
  )
}

/** For the report's side: takes what comes while it is mounted. */
export function useReportTaker(taker: ReportTaker): void {
  const setTaker = useContext(Context)?.setTaker
  const insertText = useEffectEvent(taker.insertText)
  const addKeyImage = useEffectEvent(taker.addKeyImage)
  useEffect(() => {
    setTaker?.({ insertText: (text) => insertText(text), addKeyImage: (image) => addKeyImage(image) })
    return () => setTaker?.(null)
  }, [setTaker])
}

/** For the report's side: shows the image that a key image was taken of; null outside a provider. */
export function useShowImage(): ((image: KeyImage) => void) | null {
  return useContext(Context)?.onShow ?? null
}
