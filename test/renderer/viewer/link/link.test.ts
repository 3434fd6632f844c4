import { describe, expect, it, vi } from 'vitest'
import type { Plane, Triple } from '../../../../src/renderer/viewer/dicom/plane.ts'
import { changesOf, follow, followedOf } from '../../../../src/renderer/viewer/link/follow.ts'
import {
  areParallel,
  crossline,
  nearestSlice,
  planeOfImage,
} from '../../../../src/renderer/viewer/link/geometry.ts'
import { createWindowLink, type WindowMessage } from '../../../../src/renderer/viewer/link/message.ts'
import { createRegistrations } from '../../../../src/renderer/viewer/link/registration.ts'
import type { ImageView, ShownPlane } from '../../../../src/renderer/viewer/stage/image-view.ts'

const axial = (z: number, frameOfReference = '1.1'): ShownPlane => ({
  frameOfReference,
  position: [-100, -100, z],
  row: [1, 0, 0],
  column: [0, 1, 0],
  width: 200,
  height: 200,
})
const sagittal = (x: number): ShownPlane => ({
  frameOfReference: '1.1',
  position: [x, -100, 100],
  row: [0, 1, 0],
  column: [0, 0, -1],
  width: 200,
  height: 200,
})
const image = (z: number): Plane => ({
  position: [0, 0, z],
  rowDirection: [1, 0, 0],
  columnDirection: [0, 1, 0],
  spacing: { row: 2, column: 1 },
  aspect: 2,
  thickness: 5,
  location: z,
  frameOfReference: '1.1',
  letters: null,
})

describe('crosslines', () => {
  it('join the two places where the picture’s edges meet the other plane', () => {
    const line = crossline(axial(20), sagittal(30))
    expect(line?.map((point) => point.map(Math.round))).toEqual([
      [30, -100, 20],
      [30, 100, 20],
    ])
  })

  it('are none beside the picture, between parallel ones, or in another frame of reference', () => {
    expect(crossline(axial(20), sagittal(150))).toBeNull()
    expect(crossline(axial(20), axial(30))).toBeNull()
    expect(crossline(axial(20, '9.9'), sagittal(30))).toBeNull()
  })
})

describe('the plane of an image', () => {
  it('begins at the outer corner of its first pixel', () => {
    expect(planeOfImage({ plane: image(7) }, { rows: 10, columns: 20 })).toMatchObject({
      position: [-0.5, -1, 7],
      width: 20,
      height: 20,
    })
    expect(planeOfImage({ plane: { ...image(7), position: null } }, { rows: 1, columns: 1 })).toBeNull()
  })

  it('is nearest by its normal, whatever the spacing', () => {
    const planes = [0, 3, 6, 9].map(image)
    expect(nearestSlice(planes, [50, 50, 7])).toBe(2)
    expect(nearestSlice(planes, [0, 0, -100])).toBe(0)
    expect(nearestSlice([null, image(5)], [0, 0, 0])).toBe(1)
    expect(nearestSlice([null], [0, 0, 0])).toBeNull()
  })

  it('runs the same way within 15°, also head first against feet first', () => {
    const tilted = (degrees: number) => {
      const angle = (degrees * Math.PI) / 180
      return { row: [1, 0, 0] as Triple, column: [0, Math.cos(angle), Math.sin(angle)] as Triple }
    }
    expect(areParallel(axial(0), tilted(10))).toBe(true)
    expect(areParallel(axial(0), tilted(20))).toBe(false)
    expect(areParallel(axial(0), { row: [-1, 0, 0], column: [0, 1, 0] })).toBe(true)
  })
})

describe('registration', () => {
  it('goes by position within one frame of reference', () => {
    const registrations = createRegistrations()
    expect(registrations.carry(axial(20), axial(80))?.[2]).toBe(20)
    expect(registrations.byHand(axial(20), axial(80))).toBe(false)
  })

  it('keeps the step between frames as it was when they were linked, both ways', () => {
    const registrations = createRegistrations()
    const other = (z: number) => axial(z, '2.2')
    // Linked with 20 beside 50: thirty millimetres apart from then on.
    expect(registrations.carry(axial(20), other(50))?.[2]).toBe(50)
    expect(registrations.carry(axial(25), other(50))?.[2]).toBe(55)
    expect(registrations.carry(other(90), axial(25))?.[2]).toBe(60)
    expect(registrations.byHand(axial(20), other(50))).toBe(true)
    registrations.clear()
    expect(registrations.carry(axial(25), other(90))?.[2]).toBe(90)
  })

  it('keeps a step for each way that stacks run: an axial one says nothing of coronal ones', () => {
    const registrations = createRegistrations()
    const side = (x: number, frameOfReference: string) => ({ ...sagittal(x), frameOfReference })
    registrations.carry(axial(20), axial(50, '2.2'))
    // Linked with 10 beside 45.
    expect(registrations.carry(side(10, '1.1'), side(45, '2.2'))?.[0]).toBe(45)
    expect(registrations.carry(side(12, '1.1'), side(45, '2.2'))?.[0]).toBe(47)
    expect(registrations.carry(side(47, '2.2'), side(12, '1.1'))?.[0]).toBe(12)
    expect(registrations.carry(axial(25), axial(50, '2.2'))?.[2]).toBe(55)
  })

  it('does not carry to a stack that runs another way', () => {
    expect(createRegistrations().carry(axial(20), sagittal(0))).toBeNull()
  })
})

/** A view that can only be asked and told. */
function viewAt(plane: ShownPlane, window = { centre: 40, width: 400 }, modality = 'CT') {
  const told = { showNearest: vi.fn(), setWindow: vi.fn(), present: vi.fn() }
  const view = {
    ...told,
    plane: () => plane,
    state: () => ({ window }),
    values: () => ({ modality, color: false }),
    presentation: () => ({ zoom: 1, pan: [0, 0] }),
  }
  return { view: view as unknown as ImageView, told }
}
const all = { scroll: true, window: true, zoom: true }

describe('following', () => {
  it('says what changed, and only what is linked', () => {
    const before = followedOf(viewAt(axial(0)).view)
    const now = viewAt(axial(5), { centre: 60, width: 150 }).view
    expect(changesOf(now, before, all).map(({ kind }) => kind)).toEqual(['plane', 'window'])
    expect(changesOf(now, before, { scroll: false, window: false, zoom: false })).toEqual([])
    expect(changesOf(viewAt(axial(0)).view, before, all)).toEqual([])
  })

  it('takes a picture that has only just come for no move', () => {
    const nothing = { place: '', window: null, zoom: '' }
    expect(changesOf(viewAt(axial(5)).view, nothing, all)).toEqual([])
  })

  it('moves to the place, and windows only the same modality', () => {
    const { view, told } = viewAt(axial(0))
    const registrations = createRegistrations()
    follow(view, { kind: 'plane', plane: axial(30) }, registrations)
    expect(told.showNearest).toHaveBeenCalledWith([-100, -100, 30])
    follow(view, { kind: 'window', modality: 'MR', centre: 1, width: 2 }, registrations)
    expect(told.setWindow).not.toHaveBeenCalled()
    follow(view, { kind: 'window', modality: 'CT', centre: 1, width: 2 }, registrations)
    expect(told.setWindow).toHaveBeenCalledWith(1, 2)
    follow(view, { kind: 'plane', plane: sagittal(3) }, registrations)
    expect(told.showNearest).toHaveBeenCalledTimes(1)
  })
})

describe('between windows', () => {
  const linked = () => {
    const sent: unknown[] = []
    const channel = {
      postMessage: (message: unknown) => void sent.push(message),
      close: vi.fn(),
      onmessage: null as ((event: MessageEvent) => void) | null,
    }
    const link = createWindowLink(channel)
    const heard: WindowMessage[] = []
    link.listen((message) => heard.push(message))
    return {
      sent,
      heard,
      link,
      channel,
      tell: (data: unknown) => channel.onmessage?.({ data } as MessageEvent),
    }
  }

  it('hears what keeps to the contract and drops the rest', () => {
    const { heard, tell } = linked()
    tell({ kind: 'study', study: '1.2.3' })
    tell({ kind: 'study', study: '1.2.3', patientName: '王小明' })
    tell({ kind: 'study', study: '<script>' })
    tell({ kind: 'plane', plane: { ...axial(1), position: [Number.NaN, 0, 0] } })
    tell({ kind: 'window', modality: 'CT', centre: 1, width: -1 })
    tell({ kind: 'zoom', zoom: Number.POSITIVE_INFINITY, pan: [0, 0] })
    tell('ask')
    tell(null)
    expect(heard).toEqual([{ kind: 'study', study: '1.2.3' }])
  })

  it('says nothing that is not in the contract', () => {
    const { sent, link } = linked()
    link.send({ kind: 'study', study: null })
    link.send({ kind: 'study', study: null, patientName: '王小明' } as never)
    expect(sent).toEqual([{ kind: 'study', study: null }])
  })
})
