import { keepPreviousData, useQuery } from '@tanstack/react-query'
import type { WorklistQuery } from '../../shared/api/worklist.ts'
import { unwrap, useBridge } from '../bridge/index.ts'

export interface WorklistFilters {
  search: string
  /** Empty for all. */
  modality: string
  status: WorklistQuery['status']
}

export const noFilters: WorklistFilters = { search: '', modality: '', status: 'all' }

/** The list for the filters. While the next one is on its way the last stays, so that nothing flickers. */
export function useWorklist(filters: WorklistFilters) {
  const bridge = useBridge()
  const search = filters.search.trim()
  return useQuery({
    queryKey: ['worklist', search, filters.modality, filters.status],
    queryFn: () =>
      unwrap(
        bridge.worklistList({
          ...(search ? { search } : {}),
          ...(filters.modality ? { modality: filters.modality } : {}),
          status: filters.status,
          limit: 1000,
        }),
      ),
    placeholderData: keepPreviousData,
  })
}
