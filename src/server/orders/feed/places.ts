import { type Sensitivity, strictest } from '../../../shared/access/index.ts'
import { Hl7Error, type Hl7Field, type Hl7Segment } from '../../hl7/index.ts'

/** A value of a message, with the place it was read from: `OBR[2]-24`. */
export interface Said {
  /** Empty where the sender says that there is none (`""`). */
  text: string
  where: string
}

/** The segments that facts are looked for in: those of an order, then those of the whole message. */
export type Scope = readonly (readonly Hl7Segment[])[]

/** Of a hospital's mapping, where labels stand and what their codes mean. */
export interface LabelMapping {
  fields: { sensitivity: readonly string[] }
  sensitivity: Readonly<Record<string, Sensitivity>>
}

export function segmentIn(scope: Scope, name: string): Hl7Segment | undefined {
  for (const segments of scope) {
    const found = segments.find((segment) => segment.name === name)
    if (found) return found
  }
  return undefined
}

export function fieldIn(scope: Scope, place: string): Hl7Field | undefined {
  const { segment, field } = parsed(place)
  return segmentIn(scope, segment)?.field(field)
}

/** What the first place that says something says; null where none does. */
export function firstSaid(scope: Scope, places: readonly string[]): Said | null {
  for (const place of places) {
    const { component, subcomponent } = parsed(place)
    const field = fieldIn(scope, place)
    if (!field) continue
    if (field.deleted) return { text: '', where: field.where }
    const text = field.text(component, subcomponent)
    if (text !== '') return { text, where: `${field.where}${component > 1 ? `.${component}` : ''}` }
  }
  return null
}

/** Where a fact would stand in this message that does not say it. */
export function likelyPlace(scope: Scope, places: readonly string[]): string {
  const fields = places.map((place) => fieldIn(scope, place)?.where)
  return fields.find((where) => where !== undefined) ?? places[0] ?? ''
}

function parsed(place: string) {
  const [, segment = '', field = '', component = '1', subcomponent = '1'] =
    /^(\w{3})-(\d+)(?:\.(\d+))?(?:\.(\d+))?$/.exec(place) ?? []
  return {
    segment,
    field: Number(field),
    component: Number(component),
    subcomponent: Number(subcomponent),
  }
}

/** What a table has for a code. Codes come from outside: only what the table itself names is found. */
export function lookedUp<T>(table: Readonly<Record<string, T>>, code: string): T | undefined {
  return Object.hasOwn(table, code) ? table[code] : undefined
}

/** Their code to our value. @throws Hl7Error `code` for one that the table does not name. */
export function coded<T extends string>(table: Readonly<Record<string, T>>, { text, where }: Said): T {
  const value = lookedUp(table, text) ?? lookedUp(table, text.toUpperCase()) ?? lookedUp(table, '*')
  if (value === undefined) throw new Hl7Error('code', where)
  return value
}

/** What a message says of sensitivity: the strictest label of the places, and whether the first of them, the order's own, is said. */
export interface SaidLabel {
  label: Sensitivity
  own: boolean
}

/** Null where none of the places says anything. */
export function labelIn(scope: Scope, { fields, sensitivity }: LabelMapping): SaidLabel | null {
  const labels = fields.sensitivity.map((place) => {
    const said = firstSaid(scope, [place])
    if (!said) return null
    return said.text === '' ? 'general' : coded(sensitivity, said)
  })
  const given = labels.filter((label) => label !== null)
  return given.length > 0 ? { label: strictest(given), own: labels[0] !== null } : null
}
