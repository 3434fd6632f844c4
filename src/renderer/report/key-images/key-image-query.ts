import type { Bridge } from '../../../shared/ipc/index.ts'
import { unwrap } from '../../bridge/index.ts'

/** The pixels of a report's key image, as the address of an image element. */
export const keyImageQuery = (bridge: Bridge, study: string, image: string) => ({
  queryKey: ['key-image', study, image],
  queryFn: async () => `data:image/png;base64,${(await unwrap(bridge.reportKeyImage({ study, image }))).png}`,
  staleTime: Number.POSITIVE_INFINITY,
})
