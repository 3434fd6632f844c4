import { useEffect, useState } from 'react'
import type { WorklistRow } from '../../shared/worklist/index.ts'

/** Every modality seen on the list so far, so that choosing one does not take the others off the menu. */
export function useModalities(rows: readonly WorklistRow[] | undefined, chosen: string): string[] {
  const [seen, setSeen] = useState<ReadonlySet<string>>(new Set())
  useEffect(() => {
    const found = rows?.map((row) => row.modality).filter(Boolean) ?? []
    setSeen((known) => (found.every((each) => known.has(each)) ? known : new Set([...known, ...found])))
  }, [rows])
  return [...new Set([...seen, ...(chosen ? [chosen] : [])])].toSorted()
}
