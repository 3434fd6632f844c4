import { type Place, place } from './model.ts'

/** 。。 ，， ，。 and the like; an ellipsis is not meant. */
export function doubledPunctuation(text: string): Place[] {
  return [...text.matchAll(/[，。；：、！？,;:?!]{2,}|\d\.{2}\d|(?<!\.)\.[，。；、]/g)]
    .filter(([words]) => !/^[！？!?]+$/.test(words))
    .map((match) =>
      place(text, match.index, match.index + match[0].length, { kind: 'punctuation', weight: 'hint' }),
    )
}
