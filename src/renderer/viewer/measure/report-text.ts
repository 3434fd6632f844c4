import type { Measurement } from '../../../shared/measurement/index.ts'
import type { Say } from '../texts/index.ts'
import { bare, hasLength, scaleNote, valueNamed, valueText } from './label-text.ts'
import type { ScaleSource } from './scale.ts'

/** What the sentence needs to know of the measurement's image. */
export interface SentenceFacts {
  modality: string
  source: ScaleSource
  /** Where the image is found; null leaves it out. */
  place: { series: number | string; image: number | string } | null
  /** The date of the prior exam that the image is of, as it is read; null for the exam that is reported. */
  prior: string | null
}

/** A measurement as a radiologist would write it; '' where there is nothing to write. */
export function sentenceOf(measurement: Measurement, facts: SentenceFacts, say: Say): string {
  const said = (name: Parameters<typeof valueNamed>[1]) => {
    const value = valueNamed(measurement, name)
    return value ? valueText(value, say) : ''
  }
  const intensity = (name: 'mean' | 'value') => {
    const found = valueNamed(measurement, name)
    if (!found) return ''
    const sd = valueNamed(measurement, 'sd')
    const key =
      found.unit === "[hnsf'U]"
        ? 'sentence.hu'
        : found.unit === 'Bq/ml'
          ? 'sentence.activity'
          : facts.modality === 'MR'
            ? 'sentence.signal'
            : 'sentence.value'
    return say(key, { value: said(name) }) + (sd ? say('sentence.sd', { value: bare(said('sd')) }) : '')
  }
  const sentence = (): string => {
    switch (measurement.kind) {
      case 'length':
        return say('sentence.length', { value: said('length') })
      case 'bidirectional':
        return say('sentence.bidirectional', { long: said('long-axis'), short: said('short-axis') })
      case 'angle':
        return say('sentence.angle', { value: said('angle') })
      case 'cobb':
        return say('sentence.cobb', { value: said('angle') })
      case 'probe': {
        const values = measurement.values.filter(({ name }) => name === 'value')
        return values.length > 1
          ? say('sentence.rgb', { value: values.map(({ value }) => value).join(', ') })
          : intensity('value')
      }
      case 'ellipse':
      case 'rectangle':
        return intensity('mean') || say('sentence.area', { value: said('area') })
      default:
        return ''
    }
  }
  const measured = sentence()
  // A region's mean says nothing of its size.
  const sized =
    hasLength(measurement) && (!valueNamed(measurement, 'area') || !valueNamed(measurement, 'mean'))
  const note = sized ? scaleNote(facts.source, say) : null
  return [
    measurement.label,
    measurement.label && measured ? ' ' : '',
    measured,
    note ? say('sentence.note', { note }) : '',
    measured || measurement.label ? whereOf(facts, say) : '',
  ].join('')
}

/** Which image it was; that of a prior says so always: its size must not be read as today's. */
function whereOf({ place, prior }: SentenceFacts, say: Say): string {
  if (prior === null) return place ? say('sentence.place', place) : ''
  return place
    ? say('sentence.prior-place', { date: prior, ...place })
    : say('sentence.prior', { date: prior })
}
