import { describe, expect, it } from 'vitest'
import { recordOf } from '../../../../src/renderer/viewer/load/image-record.ts'
import { millimetresOf } from '../../../../src/renderer/viewer/measure/ask-form.tsx'
import { labelLines } from '../../../../src/renderer/viewer/measure/label-text.ts'
import { sentenceOf } from '../../../../src/renderer/viewer/measure/report-text.ts'
import { calibratedSpacing, scaleOf, valueUnit } from '../../../../src/renderer/viewer/measure/scale.ts'
import { sayIn } from '../../../../src/renderer/viewer/texts/index.ts'
import type { Measurement } from '../../../../src/shared/measurement/index.ts'

const zh = sayIn('zh-CN')
const hu = "[hnsf'U]"

const made = (kind: Measurement['kind'], values: [string, number, string][], label = ''): Measurement => ({
  id: 'a',
  kind,
  series: '1.2',
  instance: '1.3',
  frame: 1,
  points: [[0, 0]],
  label,
  values: values.map(([name, value, unit]) => ({ name, value, unit })) as Measurement['values'],
  calibrated: false,
})

const length = made('length', [['length', 12.345, 'mm']])
const both = made('bidirectional', [
  ['long-axis', 12.34, 'mm'],
  ['short-axis', 8.06, 'mm'],
])
const region = made('ellipse', [
  ['area', 123.44, 'mm2'],
  ['mean', 45.4, hu],
  ['sd', 12.2, hu],
  ['min', 3, hu],
  ['max', 88, hu],
  ['count', 252, '{pixels}'],
])

describe('sentences of the report', () => {
  const ct = { modality: 'CT', source: 'image', place: null, prior: null } as const
  const said = (one: Measurement, facts: Partial<Parameters<typeof sentenceOf>[1]> = {}) =>
    sentenceOf(one, { ...ct, ...facts }, zh)

  it('read as a radiologist writes', () => {
    expect(said(length)).toBe('长径约 12.3 mm')
    expect(said(both)).toBe('大小约 12.3 mm × 8.1 mm')
    expect(said(region)).toBe('CT 值约 45 HU（SD 12）')
    expect(said(made('probe', [['value', -0.4, hu]]))).toBe('CT 值约 0 HU')
    expect(said(made('cobb', [['angle', 23.44, 'deg']]))).toBe('Cobb 角约 23.4°')
    expect(said(made('angle', [['angle', 90, 'deg']]))).toBe('角度约 90.0°')
    expect(said(made('arrow', [], '结节'))).toBe('结节')
    expect(said({ ...length, label: '右肺上叶结节' })).toBe('右肺上叶结节 长径约 12.3 mm')
  })

  it('name the image where they are asked to', () => {
    expect(said(both, { place: { series: 3, image: 45 } })).toBe('大小约 12.3 mm × 8.1 mm（序列 3，图像 45）')
  })

  it('of a prior’s image always say whose it was and of which day', () => {
    const place = { series: 3, image: 45 }
    expect(said(length, { place, prior: '2025-10-11' })).toBe(
      '长径约 12.3 mm（既往 2025-10-11，序列 3，图像 45）',
    )
    expect(said(length, { prior: '2025-10-11' })).toBe('长径约 12.3 mm（既往 2025-10-11）')
    expect(said(made('arrow', [], '结节'), { prior: '2025-10-11' })).toBe('结节（既往 2025-10-11）')
    expect(said(made('text', []), { prior: '2025-10-11' })).toBe('')
  })

  it('say what a length on a radiograph is, and nothing of the scale where none was measured', () => {
    expect(said(length, { modality: 'DX', source: 'detector' })).toBe('长径约 12.3 mm（探测器平面）')
    expect(said(length, { modality: 'DX', source: 'person' })).toBe('长径约 12.3 mm（已校准）')
    expect(said(made('length', [['length', 80.2, '{pixels}']]), { source: 'none' })).toBe(
      '长径约 80 像素（未校准）',
    )
    expect(said(made('cobb', [['angle', 20, 'deg']]), { source: 'detector' })).toBe('Cobb 角约 20.0°')
    expect(said(region, { source: 'person' })).toBe('CT 值约 45 HU（SD 12）')
  })

  it('call values by what they are', () => {
    const of = (unit: string) =>
      made('rectangle', [
        ['mean', 345.2, unit],
        ['sd', 4.26, unit],
      ])
    expect(said(of('1'), { modality: 'MR' })).toBe('信号强度约 345（SD 4.3）')
    expect(said(of('Bq/ml'), { modality: 'PT' })).toBe('放射性浓度约 345 Bq/ml（SD 4.3）')
    expect(said(of('1'), { modality: 'US' })).toBe('像素值约 345（SD 4.3）')
    const rgb = made('probe', [
      ['value', 200, '1'],
      ['value', 20, '1'],
      ['value', 30, '1'],
    ])
    expect(said(rgb, { modality: 'OT' })).toBe('颜色（RGB）200, 20, 30')
  })
})

describe('labels', () => {
  it('say what was measured, and what lengths stand for', () => {
    expect(labelLines(length, 'image', zh)).toEqual(['12.3 mm'])
    expect(labelLines({ ...length, label: '结节' }, 'detector', zh)).toEqual([
      '结节',
      '12.3 mm',
      '探测器平面',
    ])
    expect(labelLines(region, 'image', zh)).toEqual([
      '均值 45 HU  SD 12',
      '最小 3  最大 88',
      '面积 123.4 mm²  像素 252',
    ])
  })
})

describe('scales', () => {
  const record = (modality: string, attributes: Record<string, number[] | string>) =>
    recordOf(
      { study: '1', series: '1.2', instance: '1.3', frame: 1, modality },
      Object.fromEntries(
        Object.entries(attributes).map(([tag, value]) => [
          tag,
          { vr: 'DS', Value: typeof value === 'string' ? [value] : value },
        ]),
      ),
    )
  const of = (modality: string, attributes: Record<string, number[] | string>) =>
    scaleOf(record(modality, attributes), undefined)

  it('tell the body from the detector (PS3.3 10.7)', () => {
    expect(of('CT', { '00280030': [0.7, 0.7] })).toEqual({
      row: 0.7,
      column: 0.7,
      unit: 'mm',
      source: 'image',
    })
    expect(of('DX', { '00181164': [0.2, 0.2] })).toMatchObject({ row: 0.2, source: 'detector' })
    expect(of('DX', { '00181164': [0.2, 0.2], '00280030': [0.2, 0.2] }).source).toBe('detector')
    expect(of('DX', { '00181164': [0.2, 0.2], '00280030': [0.16, 0.16] })).toMatchObject({
      row: 0.16,
      source: 'modality',
    })
    expect(of('CR', { '00280030': [0.1, 0.1] }).source).toBe('detector')
    expect(of('CR', { '00280030': [0.1, 0.1], '00280A02': 'FIDUCIAL' }).source).toBe('modality')
  })

  it('keep the shape of pixels where no size is known', () => {
    expect(of('OT', { '00280034': [2, 1] })).toEqual({ row: 2, column: 1, unit: 'px', source: 'none' })
    expect(of('OT', {})).toMatchObject({ row: 1, column: 1, unit: 'px' })
  })

  it('are set by a line of known length, keeping the pixels’ shape', () => {
    expect(calibratedSpacing({ row: 2, column: 1, unit: 'px' }, 100, 25)).toEqual({ row: 0.5, column: 0.25 })
    const calibrated = scaleOf(record('DX', { '00181164': [0.2, 0.2] }), { row: 0.15, column: 0.15 })
    expect(calibrated).toMatchObject({ row: 0.15, source: 'person' })
  })

  it('name the values’ unit', () => {
    expect(valueUnit(record('CT', {}))).toBe(hu)
    expect(valueUnit(record('CT', { '00281054': 'US' }))).toBe('1')
    expect(valueUnit(record('PT', { '00541001': 'BQML' }))).toBe('Bq/ml')
    expect(valueUnit(record('MR', {}))).toBe('1')
  })

  it.each([
    ['12.5', 12.5],
    [' 20 mm ', 20],
    ['20毫米', 20],
    ['3,5', 3.5],
    ['0', null],
    ['-4', null],
    ['', null],
    ['9999', null],
    ['abc', null],
  ])('read %j as millimetres', (typed, truth) => {
    expect(millimetresOf(typed)).toBe(truth)
  })
})
