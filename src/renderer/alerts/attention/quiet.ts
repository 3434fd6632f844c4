import { createContext, useContext, useState } from 'react'
import { usePreferences } from '../../app/preferences.ts'

export interface Quiet {
  quiet: boolean
  setQuiet: (quiet: boolean) => void
}

export const QuietContext = createContext<Quiet | null>(null)

export function useQuiet(): Quiet {
  const quiet = useContext(QuietContext)
  if (!quiet) throw new Error('QuietContext is missing above this component')
  return quiet
}

/** 安静阅片 of one person at this workstation, kept over sign-out. */
export function useQuietPreference(accountId: string): Quiet {
  const preferences = usePreferences()
  const [quiet, setQuiet] = useState(() => preferences.read().quietFor.includes(accountId))
  return {
    quiet,
    setQuiet: (next) => {
      const others = preferences.read().quietFor.filter((id) => id !== accountId)
      preferences.write({ quietFor: next ? [...others, accountId] : others })
      setQuiet(next)
    },
  }
}
