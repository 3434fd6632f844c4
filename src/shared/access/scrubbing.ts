import type { ProtectedField } from './fields.ts'

/** What is known of a patient whose facts may stand in a text that somebody wrote. */
export interface KnownIdentity {
  /** As the order or the images say it; DICOM's groups and component marks included. */
  patientName: string
  /** The patient id, and whatever else images and merged records call them by. */
  patientIds: readonly string[]
}

/** The fields of an exam that a person sees masked, and whose exam it is. */
export interface Veil {
  hidden: ReadonlySet<ProtectedField>
  known: KnownIdentity
}

/** Eighteen characters of a resident identity card (GB 11643), the last of which may be an X. */
const identityCard = /(?<![0-9A-Za-z])\d{17}[0-9Xx](?![0-9A-Za-z])/g
/** A mobile number, or one with an area code, whoever it belongs to. */
const telephone = /(?<!\d)(?:1[3-9]\d(?:[ -]?\d{4}){2}|0\d{2,3}[ -]?\d{7,8})(?!\d)/g

/**
 * A text without the facts that a person may not see: each character of them becomes an asterisk, but for a name's first, so that
 * places in the text stay what they were.
 */
export function scrubbed(text: string, { hidden, known }: Veil): string {
  let plain = text
  if (hidden.has('patientName'))
    for (const name of writtenNames(known.patientName)) plain = without(plain, name, 1)
  if (hidden.has('patientId')) {
    for (const id of known.patientIds) if (id.length > 2) plain = without(plain, id, 0)
    plain = plain.replace(identityCard, stars)
  }
  return hidden.has('phone') ? plain.replace(telephone, stars) : plain
}

const stars = (found: string) => '*'.repeat(found.length)

/** The ways that a name (PS3.5 6.2) is written in; one character alone is a word like any other. */
function writtenNames(name: string): string[] {
  const groups = [name, ...name.split('=')].map((group) => group.trim())
  const ways = groups.flatMap((group) => [
    group,
    group.replaceAll('^', ' ').trim(),
    group.replaceAll('^', ''),
  ])
  return [...new Set(ways)].filter((way) => way.length > 1).sort((a, b) => b.length - a.length)
}

function without(text: string, value: string, keep: number): string {
  const [searched, wanted] = [text.toLowerCase(), value.toLowerCase()]
  // Where letters fold to more or fewer characters, places would not be the same: then as it is written.
  const folds = searched.length === text.length && wanted.length === value.length
  const [within, what] = folds ? [searched, wanted] : [text, value]
  let plain = text
  for (let at = within.indexOf(what); at >= 0; at = within.indexOf(what, at + what.length)) {
    const from = at + keep
    plain = plain.slice(0, from) + '*'.repeat(what.length - keep) + plain.slice(at + what.length)
  }
  return plain
}
