import { createContext, useEffect, useEffectEvent, useState } from 'react'
import { unwrap, useBridge, useBridgeEvent } from '../bridge/index.ts'
import { createWindowLink, type WindowLink } from '../viewer/link/message.ts'

const channelName = 'vigil-images'

/** The way to the workstation's other window; null outside a reading room. */
export const ImagesLinkContext = createContext<WindowLink | null>(null)

export function useWindowLink(): WindowLink | null {
  const [link, setLink] = useState<WindowLink | null>(null)
  useEffect(() => {
    const opened = createWindowLink(new BroadcastChannel(channelName))
    setLink(opened)
    return () => {
      setLink(null)
      opened.close()
    }
  }, [])
  return link
}

/** In the first window: tells the other which study is open, and knows whether it is there. */
export function useImagesWindow(link: WindowLink | null, study: string | null) {
  const bridge = useBridge()
  const [open, setOpen] = useState(false)
  useBridgeEvent('images-window', (event) => setOpen(event.open))
  const told = useEffectEvent(() => link?.send({ kind: 'study', study }))
  // biome-ignore lint/correctness/useExhaustiveDependencies: told anew for each study
  useEffect(() => {
    told()
  }, [link, study])
  useEffect(() => {
    if (!link) return
    const unlisten = link.listen((message) => {
      if (message.kind === 'here' || message.kind === 'ask') setOpen(true)
      if (message.kind === 'ask') told()
    })
    // One that was there before this page was.
    link.send({ kind: 'ask' })
    return unlisten
  }, [link])
  return {
    open,
    /** Rejects with a failure where it cannot be opened. */
    toggle: async () => {
      await unwrap(bridge.workstationImagesWindow({ open: !open }))
    },
  }
}

/** In the other window: which study the first has open. */
export function useFirstWindowStudy(link: WindowLink | null): string | null {
  const [study, setStudy] = useState<string | null>(null)
  useEffect(() => {
    if (!link) return
    const unlisten = link.listen((message) => {
      if (message.kind === 'study') setStudy(message.study)
      if (message.kind === 'ask') link.send({ kind: 'here' })
    })
    link.send({ kind: 'ask' })
    return unlisten
  }, [link])
  return study
}
