import { useEffect, useState } from 'react'
import type { IpcResult } from '../../shared/ipc/index.ts'
import { useBridge } from './context.tsx'
import { unwrap } from './unwrap.ts'

type About = IpcResult<'workstation.about'>

/** Which product and workstation this is; null until the answer, and where there is none. */
export function useAbout(): About | null {
  const bridge = useBridge()
  const [about, setAbout] = useState<About | null>(null)
  useEffect(() => {
    unwrap(bridge.workstationAbout()).then(setAbout, () => undefined)
  }, [bridge])
  return about
}
