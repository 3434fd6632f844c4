import type { ReactNode } from 'react'
import type { FindingGrade } from '../../../shared/critical/model.ts'

interface Mark {
  start: number
  end: number
  grade: FindingGrade
}

/** A text with its findings marked by their grades; where two overlap the first one shows. */
export function MarkedText({ text, marks }: { text: string; marks: readonly Mark[] }) {
  const parts: ReactNode[] = []
  let at = 0
  for (const { start, end, grade } of marks.toSorted((a, b) => a.start - b.start)) {
    if (start < at || end > text.length) continue
    parts.push(text.slice(at, start))
    parts.push(
      <mark key={start} className={`hit hit-${grade}`}>
        {text.slice(start, end)}
      </mark>,
    )
    at = end
  }
  return (
    <>
      {parts}
      {text.slice(at)}
    </>
  )
}
