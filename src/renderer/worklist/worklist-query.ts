import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { WorklistFilter } from '../../shared/worklist/index.ts'
import { unwrap, useBridge } from '../bridge/index.ts'

export const noFilter: WorklistFilter = WorklistFilter.parse({})

/** The list for the filters. While the next one is on its way the last stays, so that nothing flickers. */
export function useWorklist(filter: WorklistFilter) {
  const bridge = useBridge()
  return useQuery({
    queryKey: ['worklist', filter],
    queryFn: () => unwrap(bridge.worklistList({ filter, sort: null, offset: 0, limit: 1000 })),
    placeholderData: keepPreviousData,
  })
}
