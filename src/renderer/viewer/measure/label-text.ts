import type { MeasuredValue, Measurement } from '../../../shared/measurement/index.ts'
import type { Say } from '../texts/index.ts'
import type { ScaleSource } from './scale.ts'

const units: Record<string, string> = {
  mm: ' mm',
  mm2: ' mm²',
  deg: '°',
  "[hnsf'U]": ' HU',
  'Bq/ml': ' Bq/ml',
  '1': '',
}

const group = (text: string) => text.replace(/^-(?=0(\.0*)?$)/, '')

/** Digits after the point that a reading needs: lengths and angles one; values none where they are large whole steps. */
function digits({ name, value, unit }: MeasuredValue): number {
  if (name === 'count' || unit === '{pixels}') return 0
  if (unit === 'mm' || unit === 'deg' || unit === 'mm2') return 1
  if (unit === "[hnsf'U]") return 0
  return Number.isInteger(value) || Math.abs(value) >= 100 ? 0 : 1
}

/** A value with its unit as it is read. */
export function valueText(value: MeasuredValue, say: Say): string {
  const number = group(value.value.toFixed(digits(value)))
  if (value.unit === '{pixels}')
    return value.name === 'count'
      ? number
      : `${number} ${say(value.name === 'area' ? 'value.px2' : 'value.px')}`
  return `${number}${units[value.unit] ?? ` ${value.unit}`}`
}

export const valueNamed = (measurement: Measurement, name: MeasuredValue['name']) =>
  measurement.values.find((value) => value.name === name)

/** What must be said with a length or area, since it is not simply the body's: null where it is. */
export function scaleNote(source: ScaleSource, say: Say): string | null {
  if (source === 'person') return say('measure.calibrated')
  if (source === 'modality') return say('measure.calibrated-modality')
  if (source === 'detector') return say('measure.detector')
  return source === 'none' ? say('measure.uncalibrated') : null
}

export const hasLength = (measurement: Measurement) =>
  measurement.values.some(({ unit }) => unit === 'mm' || unit === 'mm2' || unit === '{pixels}')

/** The lines of the label on the image: text first, then what was measured, then what the lengths stand for. */
export function labelLines(measurement: Measurement, source: ScaleSource, say: Say): string[] {
  const text = (name: MeasuredValue['name']) => {
    const value = valueNamed(measurement, name)
    return value && valueText(value, say)
  }
  const lines: (string | false | null | undefined)[] = [measurement.label]
  switch (measurement.kind) {
    case 'length':
      lines.push(text('length'))
      break
    case 'bidirectional':
      lines.push(`${text('long-axis')} × ${text('short-axis')}`)
      break
    case 'angle':
    case 'cobb':
      lines.push(text('angle'))
      break
    case 'probe': {
      const values = measurement.values.filter(({ name }) => name === 'value')
      if (values.length === 0) lines.push(say('value.padding'))
      else
        lines.push(values.length > 1 ? `RGB ${values.map(({ value }) => value).join(', ')}` : text('value'))
      break
    }
    case 'ellipse':
    case 'rectangle':
      lines.push(
        valueNamed(measurement, 'mean') &&
          `${say('value.mean')} ${text('mean')}  ${say('value.sd')} ${bare(text('sd'))}`,
        valueNamed(measurement, 'min') &&
          `${say('value.min')} ${bare(text('min'))}  ${say('value.max')} ${bare(text('max'))}`,
        `${say('value.area')} ${text('area')}  ${say('value.count')} ${text('count')}`,
      )
  }
  if (hasLength(measurement)) lines.push(scaleNote(source, say))
  return lines.filter((line): line is string => !!line)
}

/** Without its unit, where the one before has it. */
export const bare = (text: string | undefined) => (text ?? '').replace(/ (HU|Bq\/ml)$/, '')

/** One line for a list. */
export function shortText(measurement: Measurement, say: Say): string {
  const lines = labelLines({ ...measurement, label: '' }, 'image', say)
  return lines[0] ?? measurement.label
}
