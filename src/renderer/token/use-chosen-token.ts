import { useState } from 'react'
import { choicesOf, standingChoice, type TokenChoice } from './choices.ts'
import { useTokens } from './use-tokens.ts'

interface ChosenToken {
  choices: TokenChoice[] | null
  chosen: TokenChoice | null
  choose: (key: string) => void
}

/** The plugged-in keys and the one to use: what was picked, or the first usable one. */
export function useChosenToken(): ChosenToken {
  const tokens = useTokens()
  const [picked, setPicked] = useState<string | null>(null)
  const choices = tokens && choicesOf(tokens)
  return { choices, chosen: choices && standingChoice(choices, picked), choose: setPicked }
}
