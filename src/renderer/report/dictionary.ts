import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { compileDictionary } from '../../shared/critical/index.ts'
import { unwrap, useBridge } from '../bridge/index.ts'

/** The published dictionary, compiled once per version, and the names of its types in the user's language. */
export function useDictionary() {
  const { i18n } = useTranslation()
  const bridge = useBridge()
  const query = useQuery({
    queryKey: ['dictionary'],
    queryFn: () => unwrap(bridge.criticalDictionary()),
    staleTime: Number.POSITIVE_INFINITY,
  })
  const analyser = useMemo(() => (query.data ? compileDictionary(query.data) : null), [query.data])
  const typeName = useMemo(() => {
    const names = new Map(
      query.data?.entries.map((entry) => [entry.code, i18n.language === 'en' ? entry.nameEn : entry.nameZh]),
    )
    return (code: string) => names.get(code) ?? code
  }, [query.data, i18n.language])
  return { analyser, typeName, failed: query.isError }
}
