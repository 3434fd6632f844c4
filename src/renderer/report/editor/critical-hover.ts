import { hoverTooltip } from '@codemirror/view'
import type { Finding } from '../../../shared/critical/index.ts'

/** A finding in the user's words: a heading, and name and value of each fact. */
export interface FindingWords {
  heading: string
  facts: readonly (readonly [name: string, value: string])[]
}

/** Tells, at the mouse, what a marked term was taken for and why. */
export function criticalHover(findings: () => readonly Finding[], words: (finding: Finding) => FindingWords) {
  return hoverTooltip((_view, position) => {
    const finding = findings().find(({ start, end }) => start <= position && position <= end)
    if (!finding) return null
    return {
      pos: finding.start,
      end: finding.end,
      above: true,
      create: () => ({ dom: tooltip(words(finding), finding.grade) }),
    }
  })
}

function tooltip({ heading, facts }: FindingWords, grade: string): HTMLElement {
  const dom = document.createElement('div')
  dom.className = `critical-tip critical-tip-${grade}`
  dom.dataset.testid = 'critical-tip'
  const title = document.createElement('strong')
  title.textContent = heading
  const list = document.createElement('dl')
  for (const [name, value] of facts) {
    const term = document.createElement('dt')
    term.textContent = name
    const description = document.createElement('dd')
    description.textContent = value
    list.append(term, description)
  }
  dom.append(title, list)
  return dom
}
