import { useEffect, useRef, useState } from 'react'
import { VigilError } from '../../shared/errors/index.ts'
import type { KeyImage } from '../../shared/report/index.ts'
import { unwrap, useBridge } from '../bridge/index.ts'
import type { CapturedImage } from './insertions.tsx'
import { mostKeyImages, withImage } from './key-images/arrangement.ts'

/** The key images of a draft; `onImages` saves them. */
export function useKeyImages(
  study: string,
  initial: readonly KeyImage[],
  onImages: (images: readonly KeyImage[]) => void,
) {
  const bridge = useBridge()
  const [images, setImages] = useState(initial)
  const now = useRef(initial)
  useEffect(() => {
    now.current = images
  }, [images])
  const change = (next: readonly KeyImage[]) => {
    now.current = next
    setImages(next)
    onImages(next)
  }
  return {
    images,
    change,
    add: async (captured: CapturedImage) => {
      if (now.current.length >= mostKeyImages) throw new VigilError('bad-request', { field: 'keyImages' })
      const { keyImage } = await unwrap(bridge.reportStoreKeyImage({ study, ...captured }))
      change(withImage(now.current, keyImage))
    },
  }
}
