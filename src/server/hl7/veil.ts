/**
 * The fields that say how a message is built and what is ordered, and nothing of the patient; of every other segment and field
 * the values are masked. HL7 v2.5.1; PID-1 and PID-8 (sex) among them, because they are what messages are refused for.
 */
const plainFields: Readonly<Record<string, readonly number[] | 'all'>> = {
  MSH: 'all',
  EVN: [1, 2, 3, 4, 6],
  MSA: [1, 2],
  PID: [1, 8],
  MRG: [],
  PV1: [1, 2, 3, 4, 10, 16, 18, 36, 44],
  ORC: [1, 2, 3, 4, 5, 7, 8, 9, 10, 11, 12, 15, 16, 17, 18, 28, 29],
  OBR: [1, 2, 3, 4, 5, 6, 7, 8, 15, 16, 18, 19, 20, 21, 22, 24, 25, 27, 34, 36, 44],
  TQ1: 'all',
  IPC: 'all',
  ZDS: 'all',
}
const mask = '***'

/** A message as it is shown to who may not see whose it is: its structure whole, values of the patient masked. */
export function veiledMessage(text: string): string {
  const built = structureOf(text)
  // What is no message has no part that is known to be harmless.
  if (!built) return text.replace(/[^\r\n]+/g, mask)
  const said = identifying(built)
  return built.segments.map((segment) => veiledSegment(segment, built, said).join(built.field)).join('\r')
}

/**
 * A correction by who saw it veiled: what they left as they saw it is what it was.
 * @returns null where a masked value stands somewhere else than it was shown: nobody can say what it is to be.
 */
export function unveiledMessage(corrected: string, original: string): string | null {
  const [before, after] = [structureOf(original), structureOf(corrected)]
  if (!before || !after) return corrected.includes(mask) && !original.includes(mask) ? null : corrected
  const said = identifying(before)
  const known = new Map<string, string[][]>()
  for (const segment of before.segments) {
    const name = segment[0] ?? ''
    known.set(name, [...(known.get(name) ?? []), segment])
  }
  const segments: string[] = []
  for (const segment of after.segments) {
    const was = known.get(segment[0] ?? '')?.shift() ?? []
    const shown = veiledSegment(was, before, said)
    const fields = segment.map((field, at) => (field === shown[at] ? (was[at] ?? field) : field))
    if (fields.some((field, at) => field.includes(mask) && field !== was[at])) return null
    segments.push(fields.join(after.field))
  }
  return segments.join('\r')
}

interface Structure {
  /** MSH-1, and MSH-2. */
  field: string
  encoding: string
  /** Raw fields; of MSH the first is its name, the second MSH-2. */
  segments: string[][]
}

function structureOf(text: string): Structure | null {
  const [, field = '', encoding = ''] = /^MSH([^\w\s])([^\w\s]{2,5})(?=\1)/.exec(text) ?? []
  if (field === '') return null
  const segments = text
    .split(/\r\n|\r|\n/)
    .filter((line) => line !== '')
    .map((line) => line.split(field))
  return { field, encoding, segments }
}

const isPlain = (segment: string, field: number): boolean => {
  const plain = Object.hasOwn(plainFields, segment) ? plainFields[segment] : undefined
  return plain === 'all' || (plain?.includes(field) ?? false)
}

function veiledSegment(
  segment: readonly string[],
  { encoding }: Structure,
  said: readonly string[],
): string[] {
  const name = segment[0] ?? ''
  const separators = new Set(encoding)
  return segment.map((value, at) => {
    if (at === 0 || name === 'MSH') return value
    if (!isPlain(name, at)) return maskedParts(value, separators)
    return said.reduce((left, one) => left.replaceAll(one, mask), value)
  })
}

/** Each part between separators on its own, so that what is missing is still seen to be missing. `""` stays: it says "none". */
function maskedParts(value: string, separators: ReadonlySet<string>): string {
  let masked = ''
  let part = ''
  const end = () => {
    masked += part === '' || part === '""' ? part : mask
    part = ''
  }
  for (const character of value) {
    // An escape belongs to the value that it stands in.
    if (!separators.has(character) || character === '\\') {
      part += character
      continue
    }
    end()
    masked += character
  }
  end()
  return masked
}

/** What the message itself says of whose it is: it is masked wherever else it stands. */
function identifying({ encoding, segments }: Structure): string[] {
  const separators = new Set(encoding)
  const places: Record<string, readonly number[]> = { PID: [2, 3, 4, 5, 7, 11, 13, 14, 18, 19], MRG: [1, 7] }
  const values = segments.flatMap(([name = '', ...fields]) =>
    (places[name] ?? []).flatMap((field) => split(fields[field - 1] ?? '', separators)),
  )
  // Shorter ones (a type, a use) are words like any other.
  const telling = values.filter((value) =>
    /\p{Script=Han}/u.test(value) ? value.length > 1 : value.length > 4,
  )
  return [...new Set(telling)].sort((a, b) => b.length - a.length)
}

function split(value: string, separators: ReadonlySet<string>): string[] {
  const parts: string[] = ['']
  for (const character of value) {
    if (separators.has(character)) parts.push('')
    else parts[parts.length - 1] += character
  }
  return parts
}
