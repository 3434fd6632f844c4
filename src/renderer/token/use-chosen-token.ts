import { useState } from 'react'
import { usePreferences } from '../app/preferences.ts'
import { choicesOf, neighbour, standingChoice, type TokenChoice } from './choices.ts'
import { useTokens } from './use-tokens.ts'

export interface ChosenToken {
  choices: TokenChoice[] | null
  chosen: TokenChoice | null
  /** Id of the token that signed in last here; empty for none. */
  lastToken: string
  /** The standing choice is of the token that signed in last here. */
  known: boolean
  /** The token that signed in last here is not plugged in. */
  missing: boolean
  choose: (key: string) => void
  /** Chooses the next usable one (1) or the one before (-1). */
  step: (by: 1 | -1) => void
  /** Keeps the choice for the next time; its id is a digest and names nobody. */
  remember: () => void
}

/** The plugged-in keys and the one to use: what was picked, the one used last on this workstation, or the first usable one. */
export function useChosenToken(): ChosenToken {
  const tokens = useTokens()
  const preferences = usePreferences()
  const [picked, setPicked] = useState<string | null>(null)
  const [lastToken] = useState(() => preferences.read().lastToken)
  const choices = tokens && choicesOf(tokens)
  const chosen = choices && standingChoice(choices, picked, lastToken)
  return {
    choices,
    chosen,
    lastToken,
    known: chosen !== null && chosen.token.id === lastToken,
    missing: tokens !== null && lastToken !== '' && !tokens.some((token) => token.id === lastToken),
    choose: setPicked,
    step: (by) => {
      const next = choices && neighbour(choices, chosen, by)
      if (next) setPicked(next.key)
    },
    remember: () => chosen && preferences.write({ lastToken: chosen.token.id }),
  }
}
