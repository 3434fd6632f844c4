import { describe, expect, it } from 'vitest'
import { type DiffPart, textDiff } from '../../../src/renderer/report/text-diff.ts'

const of = (parts: DiffPart[], ...kinds: DiffPart['kind'][]) =>
  parts
    .filter(({ kind }) => kinds.includes(kind))
    .map(({ text }) => text)
    .join('')

describe('the difference between two versions of a report', () => {
  it('is nothing between equal texts, and everything from nothing', () => {
    expect(textDiff('双肺清晰。', '双肺清晰。')).toEqual([{ kind: 'same', text: '双肺清晰。' }])
    expect(textDiff('', '气胸')).toEqual([{ kind: 'added', text: '气胸' }])
    expect(textDiff('气胸', '')).toEqual([{ kind: 'removed', text: '气胸' }])
    expect(textDiff('', '')).toEqual([])
  })

  it('names the words that changed inside a sentence, and keeps the rest', () => {
    expect(
      textDiff('左侧少量气胸，肺压缩约20%。余未见异常。', '左侧大量气胸，肺压缩约60%。余未见异常。'),
    ).toEqual([
      { kind: 'same', text: '左侧' },
      { kind: 'removed', text: '少' },
      { kind: 'added', text: '大' },
      { kind: 'same', text: '量气胸，肺压缩约' },
      { kind: 'removed', text: '20' },
      { kind: 'added', text: '60' },
      { kind: 'same', text: '%。余未见异常。' },
    ])
  })

  it('takes a sentence put in between for what it is', () => {
    expect(textDiff('双肺清晰。心影不大。', '双肺清晰。右侧肋骨骨折。心影不大。')).toEqual([
      { kind: 'same', text: '双肺清晰。' },
      { kind: 'added', text: '右侧肋骨骨折。' },
      { kind: 'same', text: '心影不大。' },
    ])
  })

  it('loses nothing of either text, whatever they are', () => {
    let seed = 7
    const next = (below: number) => {
      seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648
      return seed % below
    }
    const random = () => Array.from({ length: next(60) }, () => '左右气胸。\n，1a '[next(10)]).join('')
    for (let round = 0; round < 300; round += 1) {
      const [before, after] = [random(), random()]
      const parts = textDiff(before, after)
      expect(of(parts, 'same', 'removed')).toBe(before)
      expect(of(parts, 'same', 'added')).toBe(after)
      expect(parts.every(({ text }) => text !== '')).toBe(true)
    }
  })

  it('of two whole long reports is there before anybody notices', () => {
    const one = Array.from({ length: 3000 }, (_, n) => `甲${n}`).join('，')
    const other = Array.from({ length: 3000 }, (_, n) => `乙${n * 7}`).join('，')
    const started = performance.now()
    const parts = textDiff(one, other)
    expect(performance.now() - started).toBeLessThan(1000)
    expect(of(parts, 'same', 'added')).toBe(other)
  })
})
