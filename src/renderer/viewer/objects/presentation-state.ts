import type { DicomJson } from '../../../shared/study/index.ts'
import { items, number, numbers, text } from '../dicom/attributes.ts'
import { type Shutter, shuttersOf } from '../dicom/shutter.ts'
import type { Grayscale } from '../stage/grayscale.ts'
import { stateGrayscale } from './state-grayscale.ts'

/** Something drawn by a presentation state (PS3.3 C.10.5), in image pixels, or in parts of the displayed area where `relative`. */
export interface Annotation {
  relative: boolean
  graphics: { type: string; points: [number, number][]; filled: boolean }[]
  texts: { value: string; at: [number, number] }[]
}

/** How a presentation state shows one image. */
export interface PresentedLook {
  window: { centre: number; width: number } | null
  /** Its tables, where it has any: they stand in for the window. */
  grayscale: Grayscale | null
  annotations: Annotation[]
}

/** A softcopy presentation state, read (PS3.3 A.33.1 and its colour and pseudo-colour kin). */
export interface PresentationState {
  uid: string
  label: string
  creator: string
  date: string
  /** Degrees clockwise, before the flip. */
  rotation: number
  flipped: boolean
  /** Low values white on the screen; null where it does not say (colour). */
  inverted: boolean | null
  shutters: Shutter[]
  /** Instances that it is about. */
  instances: ReadonlySet<string>
  look(instance: string, frame: number): PresentedLook
}

/** Whether an item of a sequence holds for an image: it names none, or this one, of these frames where it names frames. */
function concerns(item: DicomJson, instance: string, frame: number): boolean {
  const references = items(item, '00081140')
  if (references.length === 0) return true
  return references.some((one) => {
    const frames = numbers(one, '00081160')
    return text(one, '00081155') === instance && (frames.length === 0 || frames.includes(frame))
  })
}

const pairs = (values: number[]): [number, number][] =>
  Array.from({ length: values.length >> 1 }, (_, i) => [values[2 * i]!, values[2 * i + 1]!])

function annotationsOf(item: DicomJson): Annotation[] {
  const graphics = items(item, '00700009').map((graphic) => ({
    relative: text(graphic, '00700005') === 'DISPLAY',
    type: text(graphic, '00700023'),
    points: pairs(numbers(graphic, '00700022')),
    filled: text(graphic, '00700024') === 'Y',
  }))
  const texts = items(item, '00700008').map((one) => {
    const [anchor] = pairs(numbers(one, '00700014'))
    const [corner] = pairs(numbers(one, '00700010'))
    const units = anchor ? text(one, '00700004') : text(one, '00700003')
    return {
      relative: units === 'DISPLAY',
      value: text(one, '00700006'),
      at: anchor ?? corner ?? ([0, 0] as [number, number]),
    }
  })
  return [false, true].flatMap((relative) => {
    const own = {
      relative,
      graphics: graphics.filter((one) => one.relative === relative),
      texts: texts.filter((one) => one.relative === relative),
    }
    return own.graphics.length + own.texts.length > 0 ? [own] : []
  })
}

export function presentationStateOf(attributes: DicomJson): PresentationState {
  const instances = items(attributes, '00081115').flatMap((series) =>
    items(series, '00081140').map((one) => text(one, '00081155')),
  )
  const shape = text(attributes, '20500020')
  return {
    uid: text(attributes, '00080018'),
    label: text(attributes, '00700081') || text(attributes, '00700080') || text(attributes, '0008103E'),
    creator: text(attributes, '00700084').replaceAll('^', ' ').trim(),
    date: text(attributes, '00700082'),
    rotation: number(attributes, '00700042') ?? 0,
    flipped: text(attributes, '00700041') === 'Y',
    // A Presentation LUT gives the grey of the screen itself: nothing is turned round behind it.
    inverted: '20500010' in attributes ? false : shape === '' ? null : shape === 'INVERSE',
    shutters: shuttersOf(attributes),
    instances: new Set(instances),
    look(instance, frame) {
      const [voi] = items(attributes, '00283110').filter((item) => concerns(item, instance, frame))
      const centre = voi && number(voi, '00281050')
      const width = voi && number(voi, '00281051')
      return {
        window: centre !== undefined && width !== undefined && width > 0 ? { centre, width } : null,
        grayscale: stateGrayscale(attributes, voi, text(attributes, '00080018')),
        annotations: items(attributes, '00700001')
          .filter((item) => concerns(item, instance, frame))
          .flatMap(annotationsOf),
      }
    },
  }
}
