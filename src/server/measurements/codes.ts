import type { MeasuredValue, MeasurementKind } from '../../shared/measurement/index.ts'
import type { Code } from './element.ts'

const dcm = (value: string, meaning: string): Code => ({ value, scheme: 'DCM', meaning })
const sct = (value: string, meaning: string): Code => ({ value, scheme: 'SCT', meaning })

/** Codes of the Measurement Report (PS3.16 TID 1500 and what it includes). */
export const codes = {
  report: dcm('126000', 'Imaging Measurement Report'),
  language: dcm('121049', 'Language of Content Item and Descendants'),
  chinese: { value: 'zh', scheme: 'RFC5646', meaning: 'Chinese' },
  observerType: dcm('121005', 'Observer Type'),
  person: dcm('121006', 'Person'),
  observerName: dcm('121008', 'Person Observer Name'),
  procedure: dcm('121058', 'Procedure reported'),
  measurements: dcm('126010', 'Imaging Measurements'),
  group: dcm('125007', 'Measurement Group'),
  tracking: dcm('112039', 'Tracking Identifier'),
  trackingUid: dcm('112040', 'Tracking Unique Identifier'),
  comment: dcm('121106', 'Comment'),
  derivation: dcm('121401', 'Derivation'),
}

/** Procedure reported (TID 1500): what was done, by modality. */
const procedures: Record<string, Code> = {
  CT: sct('77477000', 'Computed tomography'),
  MR: sct('113091000', 'Magnetic resonance imaging'),
  US: sct('16310003', 'Ultrasonography'),
  MG: sct('71651007', 'Mammography'),
  PT: sct('82918005', 'Positron emission tomography'),
  XA: sct('77343006', 'Angiography'),
}
export const procedureOf = (modality: string): Code =>
  procedures[modality] ?? sct('363679005', 'Imaging procedure')

const derivations: Partial<Record<MeasuredValue['name'], Code>> = {
  mean: sct('373098007', 'Mean'),
  sd: sct('386136009', 'Standard deviation'),
  min: sct('255605001', 'Minimum'),
  max: sct('56851009', 'Maximum'),
}

/** What a number is of, and how it was derived from the pixels where it was. */
export function conceptOf(
  kind: MeasurementKind,
  { name, unit }: MeasuredValue,
): { concept: Code; derivation: Code | null } {
  switch (name) {
    case 'length':
      return { concept: sct('410668003', 'Length'), derivation: null }
    case 'long-axis':
      return { concept: sct('103339001', 'Long Axis'), derivation: null }
    case 'short-axis':
      return { concept: sct('103340004', 'Short Axis'), derivation: null }
    case 'angle':
      return {
        concept: kind === 'cobb' ? sct('285285000', 'Cobb angle') : sct('1483009', 'Angle'),
        derivation: null,
      }
    case 'area':
      return { concept: sct('42798000', 'Area'), derivation: null }
    default: {
      const attenuation = unit === "[hnsf'U]"
      const concept = attenuation ? dcm('112031', 'Attenuation Coefficient') : sct('246205007', 'Quantity')
      return { concept, derivation: derivations[name] ?? null }
    }
  }
}

const units: Record<string, string> = {
  mm: 'millimeter',
  mm2: 'square millimeter',
  cm: 'centimeter',
  cm2: 'square centimeter',
  deg: 'degree',
  "[hnsf'U]": 'Hounsfield unit',
  '{pixels}': 'pixels',
  '1': 'no units',
}
export const unitCode = (unit: string): Code => ({
  value: unit,
  scheme: 'UCUM',
  meaning: Object.hasOwn(units, unit) ? (units[unit] ?? unit) : unit,
})
