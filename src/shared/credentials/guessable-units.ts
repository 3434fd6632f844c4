import { longestWeakWord, weakWords } from './weak-words.ts'

/** Rows and slanting columns of a keyboard, and the keypad's columns; what is typed along them, either way, is one guess. */
const walks = [
  'qwertyuiop',
  'asdfghjkl',
  'zxcvbnm',
  '1qaz',
  '2wsx',
  '3edc',
  '4rfv',
  '5tgb',
  '6yhn',
  '7ujm',
  'qazwsxedcrfvtgbyhnujm',
  '1qaz2wsx3edc4rfv5tgb6yhn7ujm',
  '7894561230',
].flatMap((walk) => [walk, reversed(walk)])

/** The digit under each symbol: `!@#` is `123` with the shift key held. */
const unshifted: Record<string, string> = {
  '!': '1',
  '@': '2',
  '#': '3',
  $: '4',
  '%': '5',
  '^': '6',
  '&': '7',
  '*': '8',
  '(': '9',
  ')': '0',
}

const letterFor: Record<string, string> = {
  '@': 'a',
  '4': 'a',
  '8': 'b',
  '(': 'c',
  '3': 'e',
  '6': 'g',
  '9': 'g',
  '!': 'i',
  '1': 'i',
  '|': 'l',
  '0': 'o',
  $: 's',
  '5': 's',
  '7': 't',
  '+': 't',
  '2': 'z',
}

/**
 * How many things somebody would have to guess to arrive at the text: each word of the list, walk, sequence, repeat, year,
 * date or telephone number is one, as is each character that belongs to none of them. What is repeated whole counts once.
 */
export function guessableUnits(text: string): number {
  const plain = onceOf([...text.toLowerCase()])
  const forms = [
    plain,
    plain.map((character) => unshifted[character] ?? character),
    plain.map((character) => letterFor[character] ?? character),
    plain.map((character) =>
      character === '1' || character === '!' ? 'l' : (letterFor[character] ?? character),
    ),
  ]
  /** The fewest units that the first `i` characters can be had for. */
  const fewest = [0]
  for (let end = 1; end <= plain.length; end += 1) {
    let best = (fewest[end - 1] ?? 0) + 1
    for (let length = 3; length <= Math.min(end, longestPart); length += 1) {
      const units = (fewest[end - length] ?? 0) + 1
      if (units < best && forms.some((form) => isGuessable(form.slice(end - length, end).join(''))))
        best = units
    }
    fewest.push(best)
  }
  return fewest[plain.length] ?? 0
}

const longestPart = 28

function isGuessable(part: string): boolean {
  return (
    (part.length <= longestWeakWord && weakWords.has(part)) ||
    isRepeat(part) ||
    isSequence(part) ||
    walks.some((walk) => walk.includes(part)) ||
    isDate(part) ||
    /^1[3-9]\d{9}$/.test(part)
  )
}

function isRepeat(part: string): boolean {
  const [first] = part
  return [...part].every((character) => character === first)
}

/** `abcd`, `4321`, `2468`: code points that rise or fall by one, or by two. */
function isSequence(part: string): boolean {
  if (!/^([a-z]+|\d+)$/.test(part)) return false
  const codes = [...part].map((character) => character.codePointAt(0) ?? 0)
  const steps = codes.slice(1).map((code, i) => code - (codes[i] ?? 0))
  const [step = 0] = steps
  // After 9 comes 0 on the keyboard.
  const wraps = (each: number, i: number) =>
    Math.abs(step) === 1 && each === -9 * step && i === steps.length - 1 && /^\d+$/.test(part)
  return (
    Math.abs(step) >= 1 && Math.abs(step) <= 2 && steps.every((each, i) => each === step || wraps(each, i))
  )
}

const year = '(?:19[3-9]\\d|20[0-4]\\d)'
const month = '(?:0[1-9]|1[0-2])'
const day = '(?:0[1-9]|[12]\\d|3[01])'
const date = new RegExp(
  `^(?:${year}|${year}${month}|${year}${month}${day}|\\d\\d${month}${day}|${day}${month}${year})$`,
)

function isDate(part: string): boolean {
  return date.test(part)
}

/** One round of what is repeated from beginning to end: `xk7xk7xk` is `xk7`, and one more for saying so. */
function onceOf(characters: string[]): string[] {
  for (let period = 1; period <= characters.length / 2; period += 1) {
    if (characters.every((character, i) => character === characters[i % period]))
      return characters.slice(0, period)
  }
  return characters
}

function reversed(text: string): string {
  return [...text].reverse().join('')
}
