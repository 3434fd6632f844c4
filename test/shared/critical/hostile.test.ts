import { describe, expect, it } from 'vitest'
import { analyseText } from '../../../src/shared/critical/index.ts'
import { defaultAnalyzer } from './fixtures.ts'

const LENGTH = 200_000
/** Each repeated to a text without one full stop: cues, findings and half-built patterns in every density. */
const UNITS = [
  ...[
    '未见气胸',
    '气胸无',
    '气胸',
    '无气胸、',
    '未见',
    '较前',
    '较前(',
    '与前片比较',
    '病史：',
    '头颅',
    '(',
    '？',
    '1、',
  ],
  ...[
    '未见骨折左侧',
    'PE 未见残留',
    '未见气胸CT',
    '未见气胸12mm',
    '1x',
    '😀',
    '\ud800',
    '\udc00',
    '\u0000',
    '\n',
  ],
  ...[
    'no pneumothorax, ',
    'no ',
    'not ',
    'no PE and a ',
    'mother ',
    'history of ',
    'no new ',
    'of the ',
    'a',
    ' ',
  ],
]

describe('hostile text', () => {
  it.each(UNITS)('%j repeated to 200,000 code units is analysed in seconds at most', (unit) => {
    const text = unit.repeat(Math.ceil(LENGTH / unit.length)).slice(0, LENGTH)
    const analyzer = defaultAnalyzer()
    const begin = process.cpuUsage()
    const findings = analyseText(analyzer, text)
    // under one second on a machine of its own; processor time, so that neighbours do not count
    expect(process.cpuUsage(begin).user / 1000).toBeLessThan(4000)
    for (const finding of findings.slice(0, 50)) {
      expect(text.slice(finding.start, finding.end).length).toBe(finding.end - finding.start)
    }
  })

  it('offsets count UTF-16 code units behind surrogate pairs and halves of them', () => {
    for (const before of ['𠀀😀', '\ud800', '\udc00未', '😀'.repeat(50)]) {
      const text = `${before}，左侧气胸，無[😀]硬膜下血腫。`
      const found = analyseText(defaultAnalyzer(), text).map((f) => text.slice(f.start, f.end))
      expect(found).toEqual(['气胸', '硬膜下血腫'])
    }
  })
})
