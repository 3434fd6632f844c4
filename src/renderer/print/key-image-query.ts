import { queryOptions } from '@tanstack/react-query'
import type { Bridge } from '../../shared/ipc/index.ts'
import { unwrap } from '../bridge/index.ts'

/** The PNG of a key image, base64. One query for all who show it: they share what was fetched. */
export const keyImageQuery = (bridge: Bridge, study: string, id: string) =>
  queryOptions({
    queryKey: ['key-image', study, id],
    queryFn: async () => (await unwrap(bridge.reportKeyImage({ study, image: id }))).png,
    staleTime: Number.POSITIVE_INFINITY,
  })

/** As the source of an `img`. */
export const pngUrl = (png: string) => `data:image/png;base64,${png}`
