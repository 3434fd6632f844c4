import packageJson from '../../../package.json' with { type: 'json' }
import type { Api } from '../../shared/api/index.ts'
import type { PresentedImage } from '../../shared/api/measurements.ts'
import { VigilError } from '../../shared/errors/index.ts'
import type { Measurement } from '../../shared/measurement/index.ts'
import type { DicomJson, Study } from '../../shared/study/index.ts'
import type { Archive } from '../archive/index.ts'
import type { Foundation } from '../foundation.ts'
import { auditActor } from '../http/index.ts'
import type { ApiRequest, Handlers } from '../http/route-handlers.ts'
import { studyIndex } from '../orders/index.ts'
import type { Writing } from './document.ts'
import { isComplete } from './graphics.ts'
import { newUid } from './identifier.ts'
import { part10 } from './part10.ts'
import { type Presented, presentationState, sharedPart } from './presentation-state.ts'
import { type Reference, structuredReport } from './structured-report.ts'

type Request = ApiRequest<Api['storeMeasurements']>

/** Series whose attributes are read for one object; more than any reader marks at a time. */
const seriesLimit = 50

const refused = (reason: string) => new VigilError('bad-request', { reason })

/** What a study says of the images that a request refers to. */
async function imagesOf(archive: Archive, study: Study, { measurements, images }: Request['body']) {
  const asked = [...measurements, ...images]
  const series = new Map(
    study.series.map((one) => [
      one.seriesInstanceUid,
      { ...one, known: new Map(one.instances.map((instance) => [instance.sopInstanceUid, instance])) },
    ]),
  )
  for (const { series: uid, instance, frame } of asked) {
    const found = series.get(uid)?.known.get(instance)
    if (!found || frame > found.frames) throw refused('image-unknown')
  }
  const needed = [...new Set(asked.map((one) => one.series))]
  if (needed.length > seriesLimit) throw refused('too-many-series')
  const attributes = new Map<string, DicomJson>()
  for (const uid of needed) {
    for (const json of await archive.metadata(study.studyInstanceUid, uid)) attributes.set(uidOf(json), json)
  }
  return {
    modality: series.get(needed[0] ?? '')?.modality ?? '',
    attributesOf(instance: string): DicomJson {
      const found = attributes.get(instance)
      if (!found) throw new VigilError('instance-broken')
      return found
    },
    referenceTo({ series: uid, instance }: { series: string; instance: string }): Reference {
      const found = series.get(uid)?.known.get(instance)
      if (!found) throw refused('image-unknown')
      return { series: uid, instance, sopClassUid: found.sopClassUid, frames: found.frames }
    },
  }
}

const uidOf = (json: DicomJson): string =>
  String((json['00080018'] as { Value?: unknown[] } | undefined)?.Value?.[0])

/**
 * Measurements kept with their study as DICOM objects that any PACS and viewer understands, beside the images they were
 * made on.
 */
export function createMeasurements(
  foundation: Pick<Foundation, 'audit' | 'protection' | 'clock' | 'random'>,
  { archive }: { archive: Archive },
): { handlers: Handlers<'storeMeasurements'> } {
  const { audit, protection, clock, random } = foundation

  async function write(request: Request, begun: () => Promise<void>) {
    const { principal, params, body } = request
    const study = await archive.study(params.study)
    const known = await imagesOf(archive, study, body)
    if (!body.measurements.every(isComplete)) throw refused('points')
    const [first] = [...body.measurements, ...body.images]
    if (!first) throw refused('empty')
    const writing: Writing = {
      from: known.attributesOf(first.instance),
      author: principal.displayName,
      label: body.label,
      now: clock(),
      version: packageJson.version,
      series: newUid(random),
      newUid: () => newUid(random),
    }
    const uid = newUid(random)
    const files =
      body.as === 'structured-report'
        ? [
            part10(
              structuredReport(writing, {
                ...body,
                imageOf: known.referenceTo,
                modality: known.modality,
                uid,
              }),
            ),
          ]
        : presentationStates(writing, uid, known, body)
    await begun()
    await archive.store(params.study, files)
    return { seriesInstanceUid: writing.series, sopInstanceUid: uid, objects: files.length }
  }

  return {
    handlers: {
      async storeMeasurements(request) {
        const { principal, params, body, address } = request
        const entry = {
          action: 'measurement.stored',
          actor: auditActor(principal, address),
          object: { kind: 'study', id: studyIndex(protection, params.study) },
        }
        const what = { as: body.as, measurements: body.measurements.length }
        try {
          // The archive is no part of a transaction: that it is about to be written to is on record before it is.
          const { objects, ...stored } = await write(request, () =>
            audit.record({ ...entry, action: 'measurement.begun', outcome: 'success', detail: what }),
          )
          await audit.record({ ...entry, outcome: 'success', detail: { ...what, ...stored, objects } })
          return stored
        } catch (error) {
          const code = error instanceof VigilError ? error.code : 'internal'
          await audit.record({ ...entry, outcome: 'refused', detail: { ...what, code } })
          throw error
        }
      },
    },
  }
}

/** One state for all the images, or several in one series where they are turned or inverted differently. */
function presentationStates(
  writing: Writing,
  first: string,
  known: Awaited<ReturnType<typeof imagesOf>>,
  { measurements, images }: Request['body'],
): Buffer[] {
  const asked = new Map<string, PresentedImage>()
  const key = (one: { instance: string; frame: number }) => `${one.instance}/${one.frame}`
  for (const image of images) asked.set(key(image), image)
  // An image that was marked and not asked for is shown as it brings.
  for (const one of measurements) if (!asked.has(key(one))) asked.set(key(one), asItBrings(one, known))
  const presented = [...asked.values()].map((image): Presented => {
    const { sopClassUid, frames } = known.referenceTo(image)
    return { image: { ...image, sopClassUid }, attributes: known.attributesOf(image.instance), frames }
  })
  const groups = Map.groupBy(presented, sharedPart)
  return [...groups.values()].map((members, i) =>
    part10(
      presentationState(writing, {
        images: members as [Presented, ...Presented[]],
        measurements,
        number: i + 1,
        uid: i === 0 ? first : writing.newUid(),
      }),
    ),
  )
}

function asItBrings(one: Measurement, known: Awaited<ReturnType<typeof imagesOf>>): PresentedImage {
  const photometric = (known.attributesOf(one.instance)['00280004'] as { Value?: unknown[] } | undefined)
    ?.Value?.[0]
  return {
    series: one.series,
    instance: one.instance,
    sopClassUid: '',
    frame: one.frame,
    window: null,
    inverted: photometric === 'MONOCHROME1',
    rotation: 0,
    flipped: false,
  }
}
