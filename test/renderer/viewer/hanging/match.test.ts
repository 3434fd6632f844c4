import { describe, expect, it } from 'vitest'
import { deliveredProtocols } from '../../../../src/renderer/viewer/hanging/delivered.ts'
import {
  bestProtocol,
  candidates,
  type ExamFacts,
  fittingProtocols,
  hang,
  rulesOf,
  type SeriesFacts,
  sameShowing,
  says,
  seriesFor,
} from '../../../../src/renderer/viewer/hanging/match.ts'
import { planeOfWords, slicePlane } from '../../../../src/renderer/viewer/hanging/slice-plane.ts'
import { HangingProtocol } from '../../../../src/shared/settings/index.ts'

const exam = (modality: string, words: string, priors = 0): ExamFacts => ({
  modalities: [modality, 'SR'],
  words,
  priors,
})
const series = (words: string, more: Partial<SeriesFacts> = {}): SeriesFacts => ({
  set: words,
  study: 0,
  modality: 'MR',
  words,
  plane: null,
  images: 20,
  ...more,
})
const none: ReadonlySet<string> = new Set()
const best = (facts: ExamFacts, found: SeriesFacts[], own: HangingProtocol[] = []) =>
  bestProtocol(fittingProtocols(own, deliveredProtocols, facts), new Set(own.map(({ id }) => id)), found)
const protocol = (change: object): HangingProtocol =>
  HangingProtocol.parse({
    id: 'own',
    name: '本人',
    modalities: ['MR'],
    bodyParts: [],
    needsPrior: false,
    rows: 1,
    columns: 2,
    panes: [{ study: 0 }, { study: 1 }],
    ...change,
  })

describe('words', () => {
  it.each([
    ['AX T2 FLAIR', 'flair', true],
    ['T2W_TSE_tra', 't2', true],
    ['SCORE', 'cor', false],
    ['MAX IP', 'ax', false],
    ['头颅CT平扫', '颅', true],
    ['胸部', '腹', false],
    ['anything', ' ', false],
  ])('%s says %s: %s', (text, word, expected) => {
    expect(says(text, word)).toBe(expected)
  })
})

describe('planes', () => {
  it('come from the orientation, tilted ones too, oblique ones not', () => {
    const tilt = (degrees: number): [number, number, number] => {
      const angle = (degrees * Math.PI) / 180
      return [0, Math.cos(angle), Math.sin(angle)]
    }
    expect(slicePlane([1, 0, 0], [0, 1, 0])).toBe('axial')
    expect(slicePlane([1, 0, 0], [0, 0, -1])).toBe('coronal')
    expect(slicePlane([0, 1, 0], [0, 0, -1])).toBe('sagittal')
    expect(slicePlane([1, 0, 0], tilt(20))).toBe('axial')
    expect(slicePlane([1, 0, 0], tilt(45))).toBe('oblique')
    expect(slicePlane(null, [0, 1, 0])).toBeNull()
  })

  it('are guessed from the description until the attributes come', () => {
    expect(['AX T1', 't2_tse_cor', 'SAG FLAIR', '矢状位 T2', 'T2 FLAIR'].map(planeOfWords)).toEqual([
      'axial',
      'coronal',
      'sagittal',
      'sagittal',
      null,
    ])
  })
})

describe('which protocol', () => {
  const ct = [series('平扫 5mm', { modality: 'CT' })]

  it('goes by modality, body part and whether there is a prior', () => {
    expect(best(exam('CT', '头颅CT平扫'), ct)?.id).toBe('ct-one')
    expect(best(exam('CT', '头颅CT平扫', 1), ct)?.id).toBe('ct-head-prior')
    expect(best(exam('CT', 'CHEST', 2), ct)?.id).toBe('ct-chest-prior')
    expect(best(exam('CT', '上腹部增强', 1), ct)?.id).toBe('ct-abdomen-prior')
    expect(best(exam('CT', '膝关节', 1), ct)?.id).toBe('ct-prior')
    expect(best(exam('CT', '冠脉CTA'), ct)?.id).toBe('ct-angio')
    expect(best(exam('US', '甲状腺'), [series('', { modality: 'US' })])?.id).toBe('us-xa')
    expect(best(exam('NM', '骨扫描'), [series('', { modality: 'NM' })])?.id).toBe('any')
    expect(best(exam('NM', '骨扫描', 1), [series('', { modality: 'NM' })])?.id).toBe('any-prior')
  })

  it('takes a delivered one only where the exam has every series that it asks for', () => {
    const four = ['AX T1', 'AX T2', 'AX FLAIR', 'DWI b1000'].map((words) => series(words))
    expect(best(exam('MR', 'BRAIN'), four)?.id).toBe('mr-head')
    const six = [...four, series('ADC'), series('SAG T1')]
    expect(best(exam('MR', 'BRAIN'), six)?.id).toBe('mr-head-six')
    expect(best(exam('MR', 'BRAIN'), four.slice(0, 1))?.id).toBe('any')
  })

  it('lets a projection say which view it is', () => {
    const views = [
      series('R PA', { modality: 'DX', images: 1 }),
      series('L LAT', { modality: 'DX', images: 1 }),
    ]
    expect(best(exam('DX', '胸部正侧位'), views)?.id).toBe('dr-two-views')
    expect(best(exam('DX', '胸部正侧位', 1), views)?.id).toBe('dr-two-views-prior')
    expect(best(exam('DX', '胸部正位', 1), views.slice(0, 1))?.id).toBe('dr-prior')
  })

  it('takes the person’s own first, in their order, once it finds anything', () => {
    const first = protocol({
      id: 'a',
      panes: [
        { study: 0, description: ['DWI'] },
        { study: 0, description: ['T9'] },
      ],
    })
    const second = protocol({ id: 'b' })
    const found = [series('AX T2'), series('DWI')]
    expect(best(exam('MR', '头颅'), found, [first, second])?.id).toBe('a')
    expect(best(exam('MR', '头颅'), found.slice(0, 1), [first, second])?.id).toBe('b')
    expect(best(exam('CT', '头颅'), found, [first, second])?.id).not.toBe('a')
    expect(best(exam('MR', '头颅'), found, [protocol({ id: 'p', needsPrior: true })])?.id).not.toBe('p')
  })

  it('is none where nothing fits', () => {
    expect(bestProtocol([], none, ct)).toBeNull()
  })
})

describe('which series', () => {
  const all = [
    series('AX T1', { set: 't1' }),
    series('AX T2', { set: 't2' }),
    series('T2 COR', { set: 't2c', plane: 'coronal' }),
    series('T2', { set: 'mystery', plane: 'axial' }),
    series('AX T2', { set: 'old', study: 1 }),
    series('T2 localizer', { set: 'empty', images: 0 }),
  ]
  const rule = (change: object) => ({
    study: 0,
    description: [],
    plane: 'any' as const,
    nth: 0,
    as: 'stack' as const,
    preset: null,
    ...change,
  })

  it('goes by study, words, plane and place among those that fit', () => {
    expect(seriesFor(rule({ description: ['T2'] }), all)?.set).toBe('t2')
    expect(seriesFor(rule({ description: ['T2'], nth: 2 }), all)?.set).toBe('mystery')
    expect(seriesFor(rule({ description: ['T2'], plane: 'coronal' }), all)?.set).toBe('t2c')
    expect(candidates(rule({ description: ['T2'], plane: 'axial' }), all).map(({ set }) => set)).toEqual([
      't2',
      'mystery',
    ])
    expect(seriesFor(rule({ study: 1, description: ['T2'] }), all)?.set).toBe('old')
    expect(seriesFor(rule({ study: 2 }), all)).toBeNull()
    expect(seriesFor(rule({ nth: 9 }), all)).toBeNull()
  })

  it('makes no volume of two images', () => {
    const two = [series('CTA', { images: 2 })]
    expect(seriesFor(rule({ as: 'mip' }), two)).toBeNull()
    expect(seriesFor(rule({}), two)?.set).toBe('CTA')
  })

  it('leaves a pane free rather than wrong, and fills all where nothing is found', () => {
    const wanted = protocol({
      panes: [
        { study: 0, description: ['T1'] },
        { study: 0, description: ['DWI'] },
      ],
    })
    expect(hang(wanted, all).panes).toEqual([{ set: 't1', as: 'stack', preset: null }, null])
    const strange = protocol({ panes: [{ study: 0, description: ['XYZ'] }, null] })
    expect(hang(strange, all).panes.map((pane) => pane?.set)).toEqual(['t1', 't2'])
  })

  it('hangs mammograms face to face: right to the left', () => {
    const views = ['L MLO', 'R CC', 'L CC', 'R MLO'].map((words) =>
      series(words, { modality: 'MG', images: 1 }),
    )
    const mg = deliveredProtocols.find(({ id }) => id === 'mg')
    expect(hang(mg!, views).panes.map((pane) => pane?.set)).toEqual(['R CC', 'L CC', 'R MLO', 'L MLO'])
  })
})

describe('saving what is on the screen', () => {
  it('gives rules that hang the same again', () => {
    const all = [
      series('AX T2', { set: 'a' }),
      series('AX T2', { set: 'b' }),
      series('', { set: 'c' }),
      series('AX T2', { set: 'd', study: 1 }),
    ]
    const panes = [
      { set: 'b', as: 'stack' as const },
      { set: 'd', as: 'stack' as const, preset: '1' },
      { set: 'c', as: 'stack' as const },
      null,
    ]
    const shown = { rows: 2, columns: 2, panes, active: 0, maximised: false }
    const rules = rulesOf(shown, all)
    expect(rules[0]).toMatchObject({ description: ['AX T2'], nth: 1, study: 0 })
    const again = hang(protocol({ rows: 2, columns: 2, panes: rules }), all)
    expect(sameShowing(again, shown)).toBe(true)
    expect(again.panes[1]?.preset).toBe('1')
  })
})

describe('the delivered set', () => {
  it('keeps to the contract, each id once, and has something for every exam', () => {
    expect(new Set(deliveredProtocols.map(({ id }) => id)).size).toBe(deliveredProtocols.length)
    for (const one of deliveredProtocols) expect(one.panes.length).toBe(one.rows * one.columns)
    expect(fittingProtocols([], deliveredProtocols, exam('XYZ', ''))).not.toHaveLength(0)
  })
})
