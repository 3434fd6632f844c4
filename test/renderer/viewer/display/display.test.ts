import { describe, expect, it } from 'vitest'
import { displaySetsOf } from '../../../../src/renderer/viewer/display/display-sets.ts'
import { edgeLetters, letters, opposed } from '../../../../src/renderer/viewer/display/orientation.ts'
import {
  displayAge,
  displayDate,
  displayName,
  displayTime,
} from '../../../../src/renderer/viewer/display/person.ts'
import { presetsFor } from '../../../../src/renderer/viewer/display/presets.ts'
import { wheelSteps } from '../../../../src/renderer/viewer/parts/use-pane-input.ts'
import { ImageProblem } from '../../../../src/renderer/viewer/problem.ts'
import { problemKey, sayIn } from '../../../../src/renderer/viewer/texts/index.ts'
import type { Study } from '../../../../src/shared/study/index.ts'

describe('display sets', () => {
  it('keeps single frames together, multi-frame images apart and objects without pixels listed', () => {
    const instance = (sopInstanceUid: string, frames: number) => ({
      sopInstanceUid,
      sopClassUid: '1',
      instanceNumber: 1,
      transferSyntaxUid: null,
      rows: 1,
      columns: 1,
      frames,
    })
    const series = {
      seriesInstanceUid: '1.2',
      seriesNumber: 1,
      modality: 'US',
      description: '',
      instances: [instance('1', 1), instance('2', 30), instance('3', 1), instance('4', 0)],
    }
    const sets = displaySetsOf({ series: [series] } as unknown as Study)
    expect(sets.map(({ id, kind, count }) => ({ id, kind, count }))).toEqual([
      { id: '1.2', kind: 'images', count: 2 },
      { id: '1.2#2', kind: 'images', count: 30 },
      { id: '1.2#objects', kind: 'objects', count: 0 },
    ])
  })
})

describe('orientation', () => {
  it('names directions, oblique ones by both axes', () => {
    expect(letters([1, 0, 0])).toBe('L')
    expect(letters([0, 0, -1])).toBe('F')
    expect(letters([-0.8, 0.6, 0])).toBe('RP')
    expect(opposed('RP')).toBe('LA')
  })

  it('names the edges of projections by Patient Orientation, turned with the picture', () => {
    const chest = { row: 'L', column: 'F' }
    expect(edgeLetters([1, 0, 0], [0, 1, 0], chest)).toEqual({ left: 'R', right: 'L', top: 'H', bottom: 'F' })
    expect(edgeLetters([0, -1, 0], [1, 0, 0], chest)).toEqual({
      left: 'F',
      right: 'H',
      top: 'R',
      bottom: 'L',
    })
  })
})

describe('presets', () => {
  const range = { min: 0, max: 99 }

  it('has the CT windows on their keys, the image’s own on 9, all on 0', () => {
    const presets = presetsFor('CT', [{ centre: 1, width: 2, explanation: '' }], range, false)
    expect(presets.map(({ key }) => key)).toEqual(['1', '2', '3', '4', '5', '6', '7', '8', '9', '0'])
    expect(presets.at(-1)).toMatchObject({ centre: 50, width: 100 })
  })

  it('has the image’s own windows elsewhere', () => {
    const own = [{ centre: 1, width: 2, explanation: 'SOFT' }]
    expect(presetsFor('DX', own, range, false).map(({ key, name }) => [key, name])).toEqual([
      ['1', 'SOFT'],
      ['7', 'preset.hard'],
      ['8', 'preset.soft'],
      ['0', 'preset.full'],
    ])
    const wide = presetsFor('MR', [{ centre: 300, width: 500, explanation: '' }], range, false)
    expect(wide.find(({ key }) => key === '7')).toMatchObject({ centre: 300, width: 300 })
    expect(presetsFor('PT', [], { min: 0, max: 8000 }, true).map(({ key, width }) => [key, width])).toEqual([
      ['2', 4000],
      ['3', 2000],
      ['4', 1000],
      ['0', 8000],
    ])
  })

  it('lists every window and lookup table of the image, with a key where one is free', () => {
    const windows = ['A', 'B'].map((explanation, i) => ({ centre: i, width: 10, explanation }))
    const keys = (modality: string) =>
      presetsFor(modality, windows, range, false, [], ['NORMAL', '']).map(({ key, name }) => `${key} ${name}`)
    expect(keys('DX')).toEqual([
      '1 A',
      '2 B',
      '3 NORMAL',
      '4 VOI LUT 2',
      '7 preset.hard',
      '8 preset.soft',
      '0 preset.full',
    ])
    expect(keys('CT').slice(-5)).toEqual(['9 A', '0 preset.full', 'w2 B', 'l1 NORMAL', 'l2 VOI LUT 2'])
    expect(presetsFor('DX', [], range, false, [], ['X'])[0]).toMatchObject({ key: '1', lut: 0 })
  })

  it('has the person’s own in the place of those on their keys, for their modality only', () => {
    const mine = { modality: 'CT', key: '6', name: '我的肝窗', centre: 80, width: 120 }
    expect(presetsFor('CT', [], range, false, [mine]).find(({ key }) => key === '6')).toEqual({
      key: '6',
      name: '我的肝窗',
      centre: 80,
      width: 120,
    })
    expect(presetsFor('MR', [], range, false, [mine]).some(({ key }) => key === '6')).toBe(false)
  })
})

describe('texts', () => {
  it('shows names as their script has them', () => {
    expect(displayName('Wang^XiaoDong=王^小东=')).toBe('王小东')
    expect(displayName('王^小东')).toBe('王小东')
    expect(displayName('Buc^Jérôme')).toBe('Buc Jérôme')
    expect(displayName('')).toBe('')
  })

  it('shows dates, times and ages', () => {
    const units = { Y: '岁', M: '个月', W: '周', D: '天' }
    expect(displayDate('20150206')).toBe('2015-02-06')
    expect(displayTime('093808.5')).toBe('09:38:08')
    expect(displayAge('003M', '', '', units)).toBe('3个月')
    expect(displayAge('000Y', '19600301', '20040119', units)).toBe('43岁')
    expect(displayAge('', '', '20040119', units)).toBe('')
  })

  it('has a sentence for each failure, also one that is not about images', () => {
    const say = sayIn('zh-CN')
    expect(say(problemKey(new ImageProblem('decode-failed')))).toContain('解码')
    expect(say(problemKey(new ImageProblem('pin-wrong')))).toBe(say('problem.other'))
    expect(sayIn('en')('viewer.mismatch', { dicom: 'A', order: 'B' })).toContain('(A)')
  })
})

describe('the wheel', () => {
  it('takes a notch as one step and lets small moves add up', () => {
    expect(wheelSteps(120)).toEqual({ steps: 1, rest: 0 })
    expect(wheelSteps(-600)).toEqual({ steps: -4, rest: 0 })
    expect(wheelSteps(30)).toEqual({ steps: 0, rest: 30 })
  })
})
