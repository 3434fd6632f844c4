import { createContext, useContext } from 'react'
import type { Language } from '../i18n/index.ts'

/** How one workstation's window is set up. Nothing clinical and nothing personal is kept here. */
export interface PreferenceValues {
  language: Language
  /** Share of the reading room's width that the images take, 0.3 to 0.85. */
  imageShare: number
  /** Id (a digest) of the USB key that signed in last; empty for none. */
  lastToken: string
  /** Ids of the accounts that read quietly at this workstation (docs/decisions/0025); an id names nobody. */
  quietFor: readonly string[]
  /** The prior report is shown beside the one that is being written. */
  priorReport: boolean
}

export interface Preferences {
  read(): PreferenceValues
  write(change: Partial<PreferenceValues>): void
}

const key = 'vigil.preferences'
const defaults: PreferenceValues = {
  language: 'zh-CN',
  imageShare: 0.62,
  lastToken: '',
  quietFor: [],
  priorReport: false,
}

/** Kept in the window's own storage; an unreadable or foreign value counts as absent. */
export function createPreferences(storage: Pick<Storage, 'getItem' | 'setItem'>): Preferences {
  const read = (): PreferenceValues => {
    const kept = parse(storage.getItem(key))
    const share = kept.imageShare
    return {
      language: kept.language === 'en' ? 'en' : defaults.language,
      imageShare: typeof share === 'number' && share >= 0.3 && share <= 0.85 ? share : defaults.imageShare,
      lastToken: typeof kept.lastToken === 'string' ? kept.lastToken : defaults.lastToken,
      quietFor: Array.isArray(kept.quietFor)
        ? kept.quietFor.filter((id) => typeof id === 'string').slice(-100)
        : defaults.quietFor,
      priorReport: kept.priorReport === true,
    }
  }
  return {
    read,
    write: (change) => storage.setItem(key, JSON.stringify({ ...read(), ...change })),
  }
}

function parse(text: string | null): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text ?? '{}')
    return typeof value === 'object' && value !== null ? { ...value } : {}
  } catch {
    return {}
  }
}

export const PreferencesContext = createContext<Preferences | null>(null)

export function usePreferences(): Preferences {
  const preferences = useContext(PreferencesContext)
  if (!preferences) throw new Error('PreferencesContext is missing above this component')
  return preferences
}
