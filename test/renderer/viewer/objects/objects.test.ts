import { describe, expect, it } from 'vitest'
import { overlaysOf } from '../../../../src/renderer/viewer/dicom/overlay.ts'
import { shutterPath, shuttersOf } from '../../../../src/renderer/viewer/dicom/shutter.ts'
import { contentTree, imagesIn, standing } from '../../../../src/renderer/viewer/objects/content-tree.ts'
import { presentationStateOf } from '../../../../src/renderer/viewer/objects/presentation-state.ts'
import { reportMeasurements } from '../../../../src/renderer/viewer/objects/report-measurements.ts'
import type { Writing } from '../../../../src/server/measurements/document.ts'
import { presentationState } from '../../../../src/server/measurements/presentation-state.ts'
import { structuredReport } from '../../../../src/server/measurements/structured-report.ts'
import type { DicomJson } from '../../../../src/shared/study/index.ts'
import { everyKind } from '../../../server/measurements/every-kind.ts'

const us = (...Value: number[]) => ({ vr: 'US', Value })
const place = { series: '1.2', instance: '1.2.3', frame: 1 }
const writing: Writing = {
  from: { '0020000D': { vr: 'UI', Value: ['1'] } },
  author: '李医师',
  label: '测量',
  now: Date.UTC(2026, 10, 22),
  version: '1',
  series: '1.9',
  newUid: () => '2.25.1',
}
const written = everyKind(place)
const reference = { ...place, sopClassUid: '1.2.840.10008.5.1.4.1.1.2', frames: 1 }

describe('a structured report', () => {
  const attributes = structuredReport(writing, {
    measurements: written,
    imageOf: () => reference,
    modality: 'CT',
    uid: '1.9.1',
  })
  const tree = contentTree(attributes)

  it('reads as it stands', () => {
    expect(standing(attributes)).toMatchObject({
      title: 'Imaging Measurement Report',
      verified: false,
      complete: true,
    })
    expect(imagesIn(tree)).toEqual([{ sopClassUid: reference.sopClassUid, instance: '1.2.3', frames: [] }])
    const values = JSON.stringify(tree)
    for (const words of ['右肺上叶结节', '12.5 mm', '150.5 mm²', '40 HU', '90 °'])
      expect(values).toContain(words)
  })

  it('gives our own measurements back as they were', () => {
    const read = reportMeasurements(tree, '1.9.1', (instance) => (instance === '1.2.3' ? '1.2' : undefined))
    expect(read.map(({ kind }) => kind)).toEqual(written.map(({ kind }) => kind))
    read.forEach((one, i) => {
      const before = written[i]!
      expect(one.points).toEqual(before.points)
      expect(one.values.map(({ name, unit }) => [name, unit])).toEqual(
        before.values.filter(({ name }) => name !== 'count').map(({ name, unit }) => [name, unit]),
      )
      expect(one).toMatchObject({ ...place, calibrated: before.calibrated })
    })
    expect(read[0]!.label).toContain('右肺上叶结节')
    expect(new Set(read.map(({ id }) => id)).size).toBe(read.length)
    expect(reportMeasurements(tree, '1.9.1', () => undefined)).toEqual([])
  })

  it('does not fall over a tree that is broken, or nested without end', () => {
    let nested: Record<string, unknown> = { '0040A040': { Value: ['TEXT'] } }
    for (let i = 0; i < 500; i++)
      nested = { '0040A040': { Value: ['CONTAINER'] }, '0040A730': { Value: [nested, null, 5] } }
    expect(() => contentTree(nested)).not.toThrow()
    expect(contentTree({}).children).toEqual([])
  })
})

describe('a presentation state', () => {
  it('says what we wrote', () => {
    const image = {
      ...place,
      sopClassUid: reference.sopClassUid,
      window: { centre: 40, width: 400 },
      inverted: true,
      rotation: 90,
      flipped: true,
    }
    const attributes = presentationState(writing, {
      images: [{ image, attributes: { '00280010': us(64), '00280011': us(32) }, frames: 1 }],
      measurements: written,
      number: 1,
      uid: '1.9.2',
    })
    const state = presentationStateOf(attributes)
    expect(state).toMatchObject({
      label: '测量',
      creator: '李医师',
      rotation: 90,
      flipped: true,
      inverted: true,
    })
    expect([...state.instances]).toEqual(['1.2.3'])
    const look = state.look('1.2.3', 1)
    expect(look.window).toEqual({ centre: 40, width: 400 })
    expect(look.annotations[0]!.graphics.map(({ type }) => type)).toContain('ELLIPSE')
    expect(look.annotations[0]!.texts.map(({ value }) => value)).toContain('右肺上叶结节 12.5 mm')
    expect(state.look('9.9', 1)).toEqual({ window: null, grayscale: null, annotations: [] })
  })
})

describe('tables of a presentation state', () => {
  const table = (first: number, bits: number, ...entries: number[]) => ({
    vr: 'SQ',
    Value: [{ '00283002': us(entries.length, first, bits), '00283006': us(...entries) }],
  })
  const ds = (value: number) => ({ vr: 'DS', Value: [String(value)] })
  const gray = { values: Int16Array.from([-32768, -2, -1, 0, 5]), min: -2, max: 5, padding: -32768 }
  const seen = (attributes: DicomJson) => {
    const found = presentationStateOf(attributes).look('1.2.3', 1).grayscale
    return found && [...found.transform(gray).values]
  }

  it('are the VOI LUT, the Presentation LUT behind a window, and both', () => {
    const voi = { '00283010': table(-2, 8, 10, 20, 30) }
    expect(seen({ '00283110': { vr: 'SQ', Value: [voi] } })).toEqual([0, 10, 20, 30, 30])
    const behind = { '20500010': table(0, 8, 255, 0) }
    const window = { '00281050': ds(2), '00281051': ds(8) }
    expect(seen({ '00283110': { vr: 'SQ', Value: [window] }, ...behind })).toEqual([
      0, 65535, 65535, 65535, 0,
    ])
    expect(seen({ '00283110': { vr: 'SQ', Value: [voi] }, ...behind })![1]).toBe(65535)
    expect(presentationStateOf(behind).inverted).toBe(false)
    expect(seen({ '00283110': { vr: 'SQ', Value: [window] } })).toBeNull()
  })
})

describe('overlays and shutters', () => {
  const data = (bytes: number[]) => ({ vr: 'OW', InlineBinary: Buffer.from(bytes).toString('base64') })

  it('unpacks planes, of one frame and of several, and knows those in unused bits', () => {
    const plane = { '60000010': us(2), '60000011': us(3), '60000050': { vr: 'SS', Value: [2, 1] } }
    const [one] = overlaysOf({ ...plane, '60003000': data([0b100101]) })
    expect(one).toMatchObject({ group: 0x6000, row: 2, column: 1, embeddedBit: null })
    expect([...one!.bits(7)!]).toEqual([1, 0, 1, 0, 0, 1])
    const [many] = overlaysOf({
      ...plane,
      '60000015': us(2),
      '60000051': us(3),
      '60003000': data([0b11000001, 0b1111]),
    })
    expect(many!.bits(2)).toBeNull()
    expect([...many!.bits(3)!]).toEqual([1, 0, 0, 0, 0, 0])
    expect([...many!.bits(4)!]).toEqual([1, 1, 1, 1, 1, 1])
    expect(many!.bits(5)).toBeNull()
    const [embedded] = overlaysOf({ ...plane, '60000100': us(16), '60000102': us(12) })
    expect(embedded!.embeddedBit).toBe(12)
    expect(overlaysOf({ ...plane, '60003000': data([1]), '60000010': us(9) })[0]!.bits(1)).toBeNull()
    expect(overlaysOf({ '60000010': us(2) })).toEqual([])
  })

  it('reads shutters of all three shapes', () => {
    const found = shuttersOf({
      '00181600': { vr: 'CS', Value: ['RECTANGULAR', 'CIRCULAR', 'POLYGONAL'] },
      '00181602': us(2),
      '00181604': us(9),
      '00181606': us(3),
      '00181608': us(8),
      '00181610': us(5, 6),
      '00181612': us(4),
      '00181620': us(1, 1, 1, 9, 9, 9),
    })
    expect(found.map(shutterPath)).toEqual([
      'M1 2H9V8H1Z',
      'M1.5 4.5a4 4 0 1 0 8 0a4 4 0 1 0 -8 0Z',
      'M0.5 0.5L8.5 0.5L8.5 8.5Z',
    ])
  })
})
