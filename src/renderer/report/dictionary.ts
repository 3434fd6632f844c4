import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { compileDictionary } from '../../shared/critical/index.ts'
import { unwrap, useBridge } from '../bridge/index.ts'
import { criticalTypes } from './critical-types.ts'

/** The dictionary in force, compiled once per version, and its types in the user's language; followed as it is published. */
export function useDictionary() {
  const { i18n } = useTranslation()
  const bridge = useBridge()
  const query = useQuery({
    queryKey: ['dictionary'],
    queryFn: () => unwrap(bridge.criticalDictionary()),
    staleTime: Number.POSITIVE_INFINITY,
  })
  const dictionary = query.data ?? null
  const analyser = useMemo(() => dictionary && compileDictionary(dictionary), [dictionary])
  const types = useMemo(() => criticalTypes(dictionary, i18n.language), [dictionary, i18n.language])
  return { analyser, types, pending: query.isPending, failed: query.isError }
}
