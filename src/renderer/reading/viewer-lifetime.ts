import { useEffect } from 'react'

/** The viewer and cornerstone come as a part of their own, so that the sign-in screen paints without them. */
export const loadViewer = () => import('../viewer/index.ts')

/** Warms the image engine up after sign-in, and gives its memory and pixels back when the workspace goes. */
export function useViewerLifetime(permitted: boolean): void {
  useEffect(() => {
    if (!permitted) return
    const loaded = loadViewer()
    let over = false
    loaded.then(
      (viewer) => (over ? undefined : viewer.warmUpViewer()),
      // The reading room shows a failure to load where it matters.
      () => undefined,
    )
    return () => {
      over = true
      loaded.then(
        (viewer) => viewer.releaseViewer(),
        () => undefined,
      )
    }
  }, [permitted])
}
