import { expect, it } from 'vitest'
import { comparisonMark } from '../../../../src/renderer/viewer/parts/comparison-mark.ts'
import { sayIn } from '../../../../src/renderer/viewer/texts/index.ts'

const current = { studyDate: '20261123', studyTime: '101500' }

it('says whether the exam beside the current one came before or after it', () => {
  const say = sayIn('zh-CN')
  expect(comparisonMark(current, { studyDate: '20251101', studyTime: '120000' }, say)).toBe('既往 2025-11-01')
  expect(comparisonMark(current, { studyDate: '20261123', studyTime: '101459' }, say)).toBe('既往 2026-11-23')
  expect(comparisonMark(current, { studyDate: '20261123', studyTime: '101501' }, say)).toBe('后续 2026-11-23')
  expect(comparisonMark(current, { studyDate: '', studyTime: '' }, say)).toBe('既往 —')
})
