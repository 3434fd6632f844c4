import { useState } from 'react'

/** A value that is typed as text: what was typed stays as it is while it says the same. */
export function useTyped<T>(
  value: T,
  read: (text: string) => T,
  write: (value: T) => string,
  same: (a: T, b: T) => boolean = Object.is,
) {
  const [text, setText] = useState(() => write(value))
  const [seen, setSeen] = useState(value)
  if (!same(seen, value)) {
    setSeen(value)
    if (!same(read(text), value)) setText(write(value))
  }
  return [text, setText] as const
}

/** A number as typed; empty is undefined, what is no number is NaN, which no schema takes. */
export function readNumber(text: string): number | undefined {
  const typed = text.trim().normalize('NFKC')
  if (typed === '') return undefined
  return /^\d{1,6}(\.\d{1,4})?$/.test(typed) ? Number(typed) : Number.NaN
}

export function writeNumber(value: number | undefined): string {
  return value === undefined || Number.isNaN(value) ? '' : String(value)
}

/** Words as typed, parted by 、 ， , ； ; or |. */
export function readWords(text: string): string[] {
  const words = text
    .split(/[、，,；;|\n]/)
    .map((word) => word.trim())
    .filter(Boolean)
  return [...new Set(words)]
}

export function writeWords(words: readonly string[]): string {
  return words.join('、')
}

export function sameWords(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((word, at) => word === b[at])
}
