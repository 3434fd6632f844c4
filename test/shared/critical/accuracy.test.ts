import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { type FindingGrade, scanLine } from '../../../src/shared/critical/index.ts'
import { defaultAnalyzer } from './fixtures.ts'

/*
 * The labelled sentences. zh-sentences.tsv: 326, the first set. zh-reports.tsv: 500 more in radiologists' style, one wording trap each,
 * labelled first and then split at random (seed 20260704) before any rule was changed for them. Both were written by those who
 * wrote the rules: they show that no trap is forgotten, not how real reports fare. zh-dictated.tsv and en-dictated.tsv: 433 and 196
 * sentences in the style of dictated reports, written and labelled by somebody who had not read the rules, then split at random
 * (seed 20261123) before any rule was changed for them. English besides: NegEx, every other line held back.
 * Rules are tuned on development halves only; of the held-back halves nobody looks at more than these figures.
 */

/** A labelled sentence: the grade of the term that stands at an offset. */
type Labelled = {
  half: string
  text: string
  term: string
  at: number
  expected: FindingGrade
  current: boolean
  side?: 'left' | 'right' | 'bilateral'
}

const GRADES: FindingGrade[] = ['positive', 'possible', 'improved', 'historical', 'negated']

function findingOf({ text, term, at }: Labelled) {
  const { findings } = scanLine({ id: 1, text, terms: [term] }, defaultAnalyzer())
  return findings.find((f) => f.start === at) ?? findings[0]
}

/** Precision, recall and F1 of each grade that the labels know, and the share of open findings graded otherwise. */
function measure(sentences: Labelled[], grades: readonly FindingGrade[]) {
  const graded = sentences.map((labelled) => {
    const found = findingOf(labelled)
    return { ...labelled, got: found?.grade, gotSide: found?.side }
  })
  const open = (grade: FindingGrade | undefined) => grade === 'positive' || grade === 'possible'
  const perGrade = grades.map((grade) => {
    const right = graded.filter((s) => s.got === grade && s.expected === grade).length
    const precision = right / Math.max(1, graded.filter((s) => s.got === grade).length)
    const recall = right / Math.max(1, graded.filter((s) => s.expected === grade).length)
    return { grade, precision, recall, f1: (2 * precision * recall) / Math.max(1e-9, precision + recall) }
  })
  const shouldBeOpen = graded.filter((s) => open(s.expected) && s.current)
  const missed = shouldBeOpen.filter((s) => !open(s.got)).length / Math.max(1, shouldBeOpen.length)
  const sided = graded.filter((s) => s.side !== undefined)
  const sides = sided.length === 0 ? 1 : sided.filter((s) => s.gotSide === s.side).length / sided.length
  return {
    perGrade,
    missed,
    sides,
    labelledSides: sided.length,
    findings: sentences.length,
    open: shouldBeOpen.length,
  }
}

function print(name: string, result: ReturnType<typeof measure>) {
  const { perGrade, missed, sides, labelledSides, findings } = result
  const rows = perGrade.map(
    (g) =>
      `  ${g.grade.padEnd(10)} precision ${g.precision.toFixed(3)} recall ${g.recall.toFixed(3)} F1 ${g.f1.toFixed(3)}`,
  )
  const tail = `  positive or possible findings graded otherwise: ${(missed * 100).toFixed(2)} %${
    labelledSides > 0 ? `; side right in ${(sides * 100).toFixed(1)} % of ${labelledSides}` : ''
  }`
  console.log([`${name}: ${findings} findings`, ...rows, tail].join('\n'))
}

const MARKS = { P: 'positive', M: 'possible', I: 'improved', H: 'historical', N: 'negated' } as const
const SIDES = { 左: 'left', 右: 'right', 双: 'bilateral' } as const

/** The findings marked in a sentence: `[N:气胸]`, with the side where it is labelled too: `[P左:气胸]`. */
function marked(half: string, line: string): Labelled[] {
  const text = line.replace(/\[[PMIHN][左右双]?:([^\]]+)\]/gu, '$1')
  let removed = 0
  return Array.from(line.matchAll(/\[([PMIHN])([左右双]?):([^\]]+)\]/gu), (mark) => {
    const [whole, grade, side, term] = mark as unknown as [
      string,
      keyof typeof MARKS,
      keyof typeof SIDES | '',
      string,
    ]
    const at = mark.index - removed
    removed += whole.length - term.length
    return {
      half,
      text,
      term,
      at,
      expected: MARKS[grade],
      current: true,
      ...(side !== '' && { side: SIDES[side] }),
    }
  })
}

describe.each([
  ['Chinese', 'zh-sentences.tsv'],
  ['Chinese', 'zh-reports.tsv'],
  ['Chinese', 'zh-dictated.tsv'],
  ['English', 'en-dictated.tsv'],
])('accuracy on %s sentences (%s)', (language, file) => {
  const lines = readFileSync(new URL(file, import.meta.url), 'utf8')
    .trimEnd()
    .split('\n')
    .slice(1)
  const findings = lines.flatMap((line) => {
    const [half, , sentence] = line.split('\t') as [string, string, string]
    return marked(half, sentence)
  })

  it.each(['development', 'held-back'])('%s', (half) => {
    const result = measure(
      findings.filter((s) => s.half === half),
      GRADES,
    )
    print(`${language}, ${half} (${file})`, result)
    expect(result.perGrade.find((g) => g.grade === 'negated')?.f1).toBeGreaterThanOrEqual(0.95)
    // 0.5 %, or one finding where there are fewer than 200 of them
    expect(result.missed).toBeLessThanOrEqual(Math.max(0.005, 1 / result.open))
    expect(result.sides).toBeGreaterThanOrEqual(0.9)
  })
})

const shared = process.env.VIGIL_SHARED ?? fileURLToPath(new URL('../../../../shared', import.meta.url))
const negex = `${shared}/data/text/negex-development-half.tsv`

/** NegEx knows no doubt and no change; what may come ("call if you have a fever") it marks as of no particular time. */
function negexGrade(negation: string | undefined, temporality: string | undefined): FindingGrade {
  if (negation === 'Negated') return 'negated'
  if (temporality === 'Historical') return 'historical'
  return temporality === 'Recent' ? 'positive' : 'possible'
}

describe('accuracy on English sentences (negex-development-half.tsv)', () => {
  it.skipIf(!existsSync(negex)).each(['development', 'held-back'])(
    '%s (skipped without the shared folder)',
    (half) => {
      const lines = readFileSync(negex, 'utf8').trimEnd().split('\n').slice(1)
      const sentences = lines.map((line, i): Labelled => {
        const [, term, text, negation, temporality, experiencer] = line.split('\t') as string[]
        return {
          half: i % 2 === 0 ? 'development' : 'held-back',
          expected: negexGrade(negation, temporality),
          term: term!,
          text: text!,
          // the data mark the term by capitals
          at: text!.indexOf(term!.toUpperCase()),
          current: temporality === 'Recent' && experiencer?.trim() === 'Patient',
        }
      })
      // some labels were cut off the text by their making: what does not stand in the sentence cannot be graded
      const ofHalf = sentences.filter((s) => s.half === half)
      const whole = ofHalf.filter((s) => s.text.toLowerCase().includes(s.term.toLowerCase()))
      const result = measure(whole, ['positive', 'possible', 'historical', 'negated'])
      print(
        `English, ${half} (without ${ofHalf.length - whole.length} whose term is not in the text)`,
        result,
      )
      expect(result.perGrade.find((g) => g.grade === 'negated')?.f1).toBeGreaterThanOrEqual(0.95)
      // the target is 0.5 %: this only keeps what has been reached
      expect(result.missed).toBeLessThanOrEqual(0.01)
    },
  )
})
