import { useEffect, useRef } from 'react'
import type { StageImage } from '../stage/cornerstone-image.ts'
import { drawThumbnail } from './draw-thumbnail.ts'

export function Thumbnail({ image }: { image: StageImage | undefined }) {
  const canvas = useRef<HTMLCanvasElement>(null)
  const drawn = useRef<string>(undefined)
  useEffect(() => {
    // Drawn once: the cache may let go of the image later, the thumbnail stays.
    if (!canvas.current || !image || drawn.current === image.imageId) return
    drawThumbnail(canvas.current, image)
    drawn.current = image.imageId
  }, [image])
  return <canvas ref={canvas} className="vigil-viewer-thumbnail" width={1} height={1} />
}
