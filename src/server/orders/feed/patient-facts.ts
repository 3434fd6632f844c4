import { Hl7Error, type Hl7Field, parseTime } from '../../hl7/index.ts'
import type { PatientFacts } from './changes.ts'
import type { FeedMapping } from './mapping.ts'
import { patientName } from './names.ts'
import { coded, fieldIn, firstSaid, likelyPlace, lookedUp, type Said, type Scope } from './places.ts'

/** Facts, and where each was read. */
export interface Read<T> {
  facts: T
  places: Record<string, string>
}

/**
 * The identifier of an identifier field (CX, PID-3 or MRG-1) that is the patient id of images and orders.
 * Where the hospital's configuration says which one, no other is taken: two kinds of numbers must never meet.
 * @throws Hl7Error
 */
export function patientIdOf(field: Hl7Field | undefined, place: string, mapping: FeedMapping): string {
  const { type, authority } = mapping.patientId
  const where = field?.where ?? place
  const fitting = (field?.repetitions ?? []).filter(
    (one) =>
      (type === undefined || one.text(5) === type) && (authority === undefined || one.text(4) === authority),
  )
  const id = fitting[0]?.text() ?? ''
  if (id === '') throw new Hl7Error('missing', where)
  const chosen = type !== undefined || authority !== undefined
  // Two numbers of one kind, and nothing that says which: not ours to guess.
  if (chosen && fitting.some((one) => one.text() !== id)) throw new Hl7Error('conflict', where)
  if (id.length > 64) throw new Hl7Error('too-long', where)
  return id
}

/** What PID and PV1 say of the patient. @throws Hl7Error naming the place of a code or date that is none. */
export function readPatientFacts(
  scope: Scope,
  mapping: FeedMapping,
  sentAt: number | null,
): Read<PatientFacts> {
  const facts: PatientFacts = {}
  const places: Record<string, string> = { patientName: 'PID-5' }
  const said = (name: keyof FeedMapping['fields']): Said | null => {
    const value = firstSaid(scope, mapping.fields[name])
    places[name] = value?.where ?? likelyPlace(scope, mapping.fields[name])
    return value
  }

  const name = fieldIn(scope, 'PID-5')
  if (name && name.repetitions.length > 0) {
    const { written, latin } = patientName(name)
    if (written !== '') facts.patientName = written
    if (latin !== '') facts.patientNamePinyin = latin
  }
  const sex = said('sex')
  if (sex && sex.text !== '') facts.sex = coded(mapping.sex, sex)
  const birthDate = birthDateOf(said('birthDate')) ?? bornByAge(said('age'), sentAt)
  if (birthDate) facts.birthDate = birthDate
  const patientClass = said('patientClass')
  if (patientClass && patientClass.text !== '') facts.patientClass = coded(mapping.patientClass, patientClass)
  for (const text of ['visitNumber', 'bed', 'phone'] as const) {
    const value = said(text)
    if (value) facts[text] = value.text
  }
  const ward = said('ward')
  if (ward) facts.ward = lookedUp(mapping.ward, ward.text) ?? ward.text
  return { facts, places }
}

/** PID-7: a day, or a month or year alone, which counts from its first day. */
function birthDateOf(said: Said | null): string | null {
  if (!said || said.text === '') return null
  const day = /^\d{4}(\d{2}){0,2}/.exec(said.text)?.[0] ?? ''
  const whole = `${day}0101`.slice(0, 8)
  const padded = day.length === 6 ? `${day}01` : day.length === 4 ? whole : day
  if (parseTime(said.text, 0) === null || parseTime(padded, 0) === null)
    throw new Hl7Error('time', said.where)
  return padded
}

/** An age (`34岁`, `34Y`, `034Y`, `8月`, `15天`) as the birth date that it makes likely; null where it says nothing. */
function bornByAge(said: Said | null, sentAt: number | null): string | null {
  if (!said || said.text === '' || sentAt === null) return null
  const parts = /^(\d{1,3})\s*(岁|周岁|Y|y|月|个月|M|m|周|W|w|天|日|D|d)?$/.exec(said.text)
  if (!parts) throw new Hl7Error('value', said.where)
  const count = Number(parts[1])
  const unit = parts[2] ?? '岁'
  const born = new Date(sentAt)
  if (/岁|Y/i.test(unit)) return `${born.getFullYear() - count}0101`
  if (/月|M/i.test(unit)) born.setMonth(born.getMonth() - count, 1)
  else born.setDate(born.getDate() - count * (/周|W/i.test(unit) ? 7 : 1))
  return [born.getFullYear(), born.getMonth() + 1, born.getDate()]
    .map((part) => String(part).padStart(2, '0'))
    .join('')
}
