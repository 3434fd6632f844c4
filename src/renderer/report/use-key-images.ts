import { useRef, useState } from 'react'
import { VigilError } from '../../shared/errors/index.ts'
import type { KeyImage } from '../../shared/report/index.ts'
import { unwrap, useBridge } from '../bridge/index.ts'
import type { CapturedImage } from './insertions.tsx'
import { mostKeyImages, withImage } from './key-images/arrangement.ts'

interface KeyImagesParts {
  study: string
  initial: readonly KeyImage[]
  /** Saves them. */
  onImages: (images: readonly KeyImage[]) => void
  /** Saves them, though the report may have been left meanwhile. */
  onArrived: (images: readonly KeyImage[]) => void
}

/** The key images of a draft. */
export function useKeyImages({ study, initial, onImages, onArrived }: KeyImagesParts) {
  const bridge = useBridge()
  const [images, setImages] = useState(initial)
  const now = useRef(initial)
  const onTheirWay = useRef(new Set<Promise<unknown>>())
  const become = (next: readonly KeyImage[], save: (images: readonly KeyImage[]) => void) => {
    now.current = next
    setImages(next)
    save(next)
  }
  return {
    images,
    change: (next: readonly KeyImage[]) => become(next, onImages),
    add: async (captured: CapturedImage) => {
      if (now.current.length + onTheirWay.current.size >= mostKeyImages)
        throw new VigilError('bad-request', { field: 'keyImages' })
      const storing = unwrap(bridge.reportStoreKeyImage({ study, ...captured }))
      onTheirWay.current.add(storing)
      try {
        const { keyImage } = await storing
        become(withImage(now.current, keyImage), onArrived)
      } finally {
        onTheirWay.current.delete(storing)
      }
    },
    /** Null where none is on its way; else done when all have come or failed. */
    arrived: (): Promise<unknown> | null =>
      onTheirWay.current.size === 0 ? null : Promise.allSettled(onTheirWay.current),
  }
}
