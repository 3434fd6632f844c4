import type { PresentedImage } from '../../shared/api/measurements.ts'
import type { Measurement } from '../../shared/measurement/index.ts'
import type { DicomJson } from '../../shared/study/index.ts'
import { documentModules, personName, type Writing } from './document.ts'
import { copied, type DataSet, dateAndTime, decimal, element, sequence } from './element.ts'
import { graphicsOf } from './graphics.ts'

export const grayscalePresentationState = '1.2.840.10008.5.1.4.1.1.11.1'

/** An image to be presented, with its own attributes. */
export interface Presented {
  image: PresentedImage
  attributes: DicomJson
  frames: number
}

/** The part of a presentation state that holds for all its images: those that differ in it need a state each. */
export const sharedPart = ({ image, attributes }: Presented): string =>
  JSON.stringify([
    image.rotation,
    image.flipped,
    image.inverted,
    attributes['00281053'],
    attributes['00281052'],
    attributes['00283000'],
  ])

const layer = 'MEASUREMENTS'

const reference = ({ image, frames }: Presented): DataSet => ({
  '00081150': element('UI', image.sopClassUid),
  '00081155': element('UI', image.instance),
  ...(frames > 1 ? { '00081160': element('IS', String(image.frame)) } : {}),
})

/** All of the image, scaled to fit, in its own pixel shape (PS3.3 C.10.4). */
function displayedArea(one: Presented): DataSet {
  const spacing = copied(one.attributes, '00280030', 'DS').Value
  const aspect = copied(one.attributes, '00280034', 'IS').Value
  const extent = ['00280011', '00280010'].map((tag) => copied(one.attributes, tag, 'US').Value[0])
  return {
    '00081140': sequence(reference(one)),
    '00700052': element('SL', 1, 1),
    '00700053': element('SL', ...extent),
    '00700100': element('CS', 'SCALE TO FIT'),
    ...(spacing.length === 2
      ? { '00700101': { vr: 'DS', Value: spacing.map((value) => decimal(Number(value))) } }
      : { '00700102': { vr: 'IS', Value: aspect.length === 2 ? aspect.map(String) : ['1', '1'] } }),
  }
}

function annotation(one: Presented, measurements: readonly Measurement[], words: (m: Measurement) => string) {
  const graphics = measurements.flatMap(graphicsOf).map(({ type, points }) => ({
    '00700005': element('CS', 'PIXEL'),
    '00700020': element('US', 2),
    '00700021': element('US', points.length),
    '00700022': element('FL', ...points.flat()),
    '00700023': element('CS', type),
    ...(type === 'POINT' ? {} : { '00700024': element('CS', 'N') }),
  }))
  const labels = measurements.flatMap((measurement) => {
    const value = words(measurement)
    const [anchor] = measurement.points
    return value === '' || !anchor
      ? []
      : [
          {
            '00700004': element('CS', 'PIXEL'),
            '00700006': element('ST', value),
            '00700014': element('FL', ...anchor),
            '00700015': element('CS', 'N'),
          },
        ]
  })
  return {
    '00081140': sequence(reference(one)),
    '00700002': element('CS', layer),
    ...(labels.length > 0 ? { '00700008': sequence(...labels) } : {}),
    ...(graphics.length > 0 ? { '00700009': sequence(...graphics) } : {}),
  }
}

const spoken: ReadonlyMap<string, string> = new Map([
  ["[hnsf'U]", 'HU'],
  ['{pixels}', 'px'],
  ['mm2', 'mm²'],
  ['deg', '°'],
  ['1', ''],
])

/** What stands beside a drawing: the person's words, then the numbers. */
export function wordsOf({ label, values }: Measurement): string {
  const unit = (code: string) => spoken.get(code) ?? code
  const numbers = values
    .filter(({ name }) => name !== 'count')
    .map(({ value, unit: code }) => `${Math.round(value * 10) / 10} ${unit(code)}`.trim())
  return [label, ...numbers].filter(Boolean).join(' ')
}

/** A Grayscale Softcopy Presentation State (PS3.3 A.33.1) of images that have `sharedPart` in common. */
export function presentationState(
  w: Writing,
  {
    images,
    measurements,
    number,
    uid,
  }: {
    images: readonly [Presented, ...Presented[]]
    measurements: readonly Measurement[]
    number: number
    uid: string
  },
): DataSet {
  const { date, time } = dateAndTime(w.now)
  const [first] = images
  const bySeries = Map.groupBy(images, ({ image }) => image.series)
  const windowed = images.filter(({ image }) => image.window !== null)
  const annotated = images
    .map((one) => ({
      one,
      own: measurements.filter(
        ({ instance, frame }) => instance === one.image.instance && frame === one.image.frame,
      ),
    }))
    .filter(({ own }) => own.length > 0)
  const rescaled = copied(first.attributes, '00281052', 'DS').Value.length > 0
  const table = copied(first.attributes, '00283000', 'SQ')
  return {
    ...documentModules(w, {
      sopClassUid: grayscalePresentationState,
      sopInstanceUid: uid,
      modality: 'PR',
      number,
    }),
    '00200060': element('CS'),
    '00081115': sequence(
      ...[...bySeries].map(([series, members]) => ({
        '00081140': sequence(...members.map(reference)),
        '0020000E': element('UI', series),
      })),
    ),
    // Without its rescale a reader would take the windows for stored values (PS3.3 C.11.6).
    ...(table.Value.length > 0
      ? { '00283000': table }
      : rescaled
        ? {
            '00281052': element('DS', decimal(Number(copied(first.attributes, '00281052', 'DS').Value[0]))),
            '00281053': element(
              'DS',
              decimal(Number(copied(first.attributes, '00281053', 'DS').Value[0] ?? 1)),
            ),
            '00281054': element('LO', copied(first.attributes, '00281054', 'LO').Value[0] ?? 'US'),
          }
        : {}),
    ...(windowed.length > 0
      ? {
          '00283110': sequence(
            ...windowed.map((one) => ({
              '00081140': sequence(reference(one)),
              '00281050': element('DS', decimal(one.image.window?.centre ?? 0)),
              '00281051': element('DS', decimal(one.image.window?.width ?? 1)),
              // The function that is meant where none is said has no width below 1 (PS3.3 C.11.2.1.2).
              ...((one.image.window?.width ?? 1) < 1 ? { '00281056': element('CS', 'LINEAR_EXACT') } : {}),
            })),
          ),
        }
      : {}),
    ...(annotated.length > 0
      ? {
          '00700001': sequence(...annotated.map(({ one, own }) => annotation(one, own, wordsOf))),
          '00700060': sequence({ '00700002': element('CS', layer), '00700062': element('IS', '1') }),
        }
      : {}),
    '00700041': element('CS', first.image.flipped ? 'Y' : 'N'),
    '00700042': element('US', first.image.rotation),
    '0070005A': sequence(...images.map(displayedArea)),
    '00700080': element('CS', 'VIGIL'),
    '00700081': element('LO', w.label),
    '00700082': element('DA', date),
    '00700083': element('TM', time),
    '00700084': element('PN', personName(w.author)),
    '20500020': element('CS', first.image.inverted ? 'INVERSE' : 'IDENTITY'),
  }
}
