import type { Measurement } from '../../shared/measurement/index.ts'
import { codes, conceptOf, procedureOf, unitCode } from './codes.ts'
import { documentModules, personName, type Writing } from './document.ts'
import { type Code, codeItem, type DataSet, dateAndTime, decimal, element, sequence } from './element.ts'
import { type Graphic, graphicsOf } from './graphics.ts'

/** PS3.4 B.5: coordinates in images (SCOORD) are what our measurements have, so the 2D class suffices. */
export const comprehensiveSr = '1.2.840.10008.5.1.4.1.1.88.33'

/** An image that is referred to. */
export interface Reference {
  series: string
  instance: string
  sopClassUid: string
  frames: number
}

const content = (relationship: string, type: string, concept: Code | null, rest: DataSet): DataSet => ({
  '0040A010': element('CS', relationship),
  '0040A040': element('CS', type),
  ...(concept ? { '0040A043': sequence(codeItem(concept)) } : {}),
  ...rest,
})
const coded = (relationship: string, concept: Code, value: Code) =>
  content(relationship, 'CODE', concept, { '0040A168': sequence(codeItem(value)) })
const text = (relationship: string, concept: Code, value: string, below: DataSet[] = []) =>
  content(relationship, 'TEXT', concept, { '0040A160': element('UT', value), ...children(below) })
const container = (relationship: string, concept: Code, below: DataSet[]) =>
  content(relationship, 'CONTAINER', concept, { '0040A050': element('CS', 'SEPARATE'), ...children(below) })
const children = (below: DataSet[]): DataSet => (below.length > 0 ? { '0040A730': sequence(...below) } : {})

/** TID 320: where on which image. */
function coordinates({ type, points }: Graphic, measurement: Measurement, image: Reference): DataSet {
  const selected = content('SELECTED FROM', 'IMAGE', null, {
    '00081199': sequence({
      '00081150': element('UI', image.sopClassUid),
      '00081155': element('UI', image.instance),
      // Of a single-frame image the frame is not said.
      ...(image.frames > 1 ? { '00081160': element('IS', String(measurement.frame)) } : {}),
    }),
  })
  return content('INFERRED FROM', 'SCOORD', null, {
    '00700022': element('FL', ...points.flat()),
    '00700023': element('CS', type),
    ...children([selected]),
  })
}

/** TID 1501: one measurement with its numbers, what they are inferred from, and the person's own words. */
function group(measurement: Measurement, image: Reference, uid: string): DataSet {
  const graphics = graphicsOf(measurement).map((graphic) => coordinates(graphic, measurement, image))
  // How many pixels a region has follows from its outline.
  const measured = measurement.values.filter(({ name }) => name !== 'count')
  const numbers = measured.map((value) => {
    const { concept, derivation } = conceptOf(measurement.kind, value)
    const own =
      value.name === 'long-axis'
        ? graphics.slice(0, 1)
        : value.name === 'short-axis'
          ? graphics.slice(1, 2)
          : graphics
    return content('CONTAINS', 'NUM', concept, {
      '0040A300': sequence({
        '004008EA': sequence(codeItem(unitCode(value.unit))),
        '0040A30A': element('DS', decimal(value.value)),
      }),
      ...children([...(derivation ? [coded('HAS CONCEPT MOD', codes.derivation, derivation)] : []), ...own]),
    })
  })
  const words = [measurement.label, measurement.calibrated ? '（人工校准）' : ''].join('')
  const isDrawingAlone = numbers.length === 0
  const comment =
    words !== '' || isDrawingAlone
      ? [text('CONTAINS', codes.comment, words || '—', isDrawingAlone ? graphics : [])]
      : []
  return container('CONTAINS', codes.group, [
    text('HAS OBS CONTEXT', codes.tracking, `${measurement.kind} ${measurement.id}`),
    content('HAS OBS CONTEXT', 'UIDREF', codes.trackingUid, { '0040A124': element('UI', uid) }),
    ...numbers,
    ...comment,
  ])
}

/**
 * A Comprehensive SR that is a Measurement Report (PS3.3 A.35.3, PS3.16 TID 1500): not verified by itself, since what counts
 * is the signed report. `imageOf` knows every image that a measurement is on.
 */
export function structuredReport(
  w: Writing,
  {
    measurements,
    imageOf,
    modality,
    uid,
  }: {
    measurements: readonly Measurement[]
    imageOf: (measurement: Measurement) => Reference
    modality: string
    uid: string
  },
): DataSet {
  const { date, time } = dateAndTime(w.now)
  const images = new Map(measurements.map((one) => [one.instance, imageOf(one)]))
  const bySeries = Map.groupBy(images.values(), ({ series }) => series)
  const evidence = [...bySeries].map(([series, references]) => ({
    '00081199': sequence(
      ...references.map((one) => ({
        '00081150': element('UI', one.sopClassUid),
        '00081155': element('UI', one.instance),
      })),
    ),
    '0020000E': element('UI', series),
  }))
  return {
    ...documentModules(w, {
      sopClassUid: comprehensiveSr,
      sopInstanceUid: uid,
      modality: 'SR',
      number: 1,
    }),
    '00081111': sequence(),
    '00080023': element('DA', date),
    '00080033': element('TM', time),
    '0040A040': element('CS', 'CONTAINER'),
    '0040A043': sequence(codeItem(codes.report)),
    '0040A050': element('CS', 'SEPARATE'),
    '0040A078': sequence({
      '00080080': element('LO'),
      '00080082': sequence(),
      '0040A084': element('CS', 'PSN'),
      '0040A123': element('PN', personName(w.author)),
      '00401101': sequence(),
    }),
    '0040A372': sequence(),
    '0040A375': sequence({
      '00081115': sequence(...evidence),
      '0020000D': w.from['0020000D'] as DataSet[string],
    }),
    '0040A491': element('CS', 'COMPLETE'),
    '0040A493': element('CS', 'UNVERIFIED'),
    '0040A504': sequence({ '00080105': element('CS', 'DCMR'), '0040DB00': element('CS', '1500') }),
    '0040A730': sequence(
      coded('HAS CONCEPT MOD', codes.language, codes.chinese),
      coded('HAS OBS CONTEXT', codes.observerType, codes.person),
      content('HAS OBS CONTEXT', 'PNAME', codes.observerName, {
        '0040A123': element('PN', personName(w.author)),
      }),
      coded('HAS CONCEPT MOD', codes.procedure, procedureOf(modality)),
      container(
        'CONTAINS',
        codes.measurements,
        measurements.map((one) => group(one, imageOf(one), w.newUid())),
      ),
    ),
  }
}
