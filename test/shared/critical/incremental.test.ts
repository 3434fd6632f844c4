import { describe, expect, it } from 'vitest'
import {
  analyseText,
  createIncrementalAnalyser,
  ScanLine,
  ScanResult,
  scanLine,
} from '../../../src/shared/critical/index.ts'
import { splitSentences } from '../../../src/shared/critical/sentences.ts'
import { defaultAnalyzer, seeded } from './fixtures.ts'

const FRAGMENTS = [
  '气胸',
  '未见',
  '、',
  '，',
  '。',
  '；',
  '\n',
  '较前吸收',
  '不除外',
  '肺栓塞',
  '检查目的：',
  'no ',
  'PE',
  ', ',
  '. ',
  ' ',
  '？',
  '脑出血',
  '术后',
  '再出血',
  '12mm',
  '中线移位',
  '（',
  '）',
  '：',
  '建议CTA',
  '排除',
  '主动脉夹层',
  'free air',
  ' or ',
  'cannot be excluded',
  '1.',
  '2、',
  '家族史：',
  '　',
  '\ud800',
  '\udc00',
  '😀',
  '\u0000',
  '\ufeff',
  '張',
  'Ａ',
  '％',
  '未',
  '无',
  '考虑',
  '可能',
  '-',
  '(-)',
  '\r',
  '\t',
  '[',
  '\\',
  '$&',
  'е́',
  '9',
  'ﬁ',
  'İ',
]

describe('the incremental analyser', () => {
  it('gives what a full analysis gives after any edit', () => {
    const random = seeded(4)
    const analyse = createIncrementalAnalyser(defaultAnalyzer())
    let text = ''
    for (let edit = 0; edit < 1500; edit++) {
      const at = Math.floor(random() * (text.length + 1))
      const cut = random() < 0.3 ? Math.floor(random() * 6) : 0
      text = text.slice(0, at) + FRAGMENTS[Math.floor(random() * FRAGMENTS.length)]! + text.slice(at + cut)
      if (text.length > 600) text = text.slice(300)
      expect(analyse(text)).toEqual(analyseText(defaultAnalyzer(), text))
    }
  })

  it('analyses only the sentence that an edit touches', () => {
    const seen: string[] = []
    const real = defaultAnalyzer()
    const analyse = createIncrementalAnalyser({
      ...real,
      analyseSentence: (sentence, heading) => {
        seen.push(sentence)
        return real.analyseSentence(sentence, heading)
      },
    })
    analyse('双肺清晰。左侧气胸。脑室无扩张。')
    seen.length = 0
    expect(analyse('双肺清晰。左侧少量气胸。脑室无扩张。').map((f) => f.start)).toEqual([9])
    expect(seen).toEqual(['左侧少量气胸。'])
  })
})

describe('robustness', () => {
  it('never throws, covers the text with sentences, and every finding slices out of it', () => {
    const random = seeded(11)
    for (let round = 0; round < 1500; round++) {
      let text = ''
      const length = Math.floor(random() * 60)
      for (let i = 0; i < length; i++) {
        text +=
          random() < 0.7
            ? FRAGMENTS[Math.floor(random() * FRAGMENTS.length)]!
            : String.fromCharCode(Math.floor(random() * 0x10000))
      }
      let end = 0
      for (const sentence of splitSentences(text)) {
        expect(sentence.start).toBe(end)
        end = sentence.end
      }
      expect(end).toBe(text.length)
      for (const f of analyseText(defaultAnalyzer(), text)) {
        expect(f.text).toBe(text.slice(f.start, f.end))
        expect(f.end).toBeGreaterThan(f.start)
      }
    }
  })

  it('takes a line of the scan format and answers in it', () => {
    const line = ScanLine.parse({ id: 'a', text: '未见气胸', terms: ['气胸'] })
    const result = ScanResult.parse(scanLine(line, defaultAnalyzer()))
    expect(result).toEqual({
      id: 'a',
      findings: [
        { start: 2, end: 4, text: '气胸', term: '气胸', type: '气胸', grade: 'negated', because: '未见' },
      ],
    })
    expect(ScanLine.safeParse({ id: 'a' }).success).toBe(false)
    expect(ScanLine.safeParse({ id: 'a', text: 'x', terms: [''] }).success).toBe(false)
  })

  /**
   * Eight times the text may cost about eight times as much; a quadratic step would show as 64. The best of several tries
   * counts: a busy machine makes one try slow, never a quadratic one fast.
   */
  it.each([
    ['findings without end', '气胸'],
    ['one list', '未见气胸、'],
    ['English list', 'no PE, '],
    ['changes', '气胸，较前吸收，'],
    ['brackets', '(气胸'],
    ['spaces', ' '],
    ['lines', '\n'],
    ['digits', '9'],
    ['measurements', '脑出血 12ml '],
    ['items', '1、'],
    ['negations', 'no '],
    ['question marks', '?'],
  ])(
    'is linear in %s',
    (_, part) => {
      const cost = (length: number) => {
        const text = `${part.repeat(length / part.length)}气胸`
        const start = performance.now()
        analyseText(defaultAnalyzer(), text)
        return performance.now() - start
      }
      cost(2_000)
      let best = Number.POSITIVE_INFINITY
      for (let tries = 0; tries < 10 && best >= 28; tries++) best = Math.min(best, cost(32_000) / cost(4_000))
      expect(best).toBeLessThan(28)
    },
    60_000,
  )
})
