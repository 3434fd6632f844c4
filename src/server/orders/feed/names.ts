import type { Hl7Field, Hl7Repetition } from '../../hl7/index.ts'

/** A person's name as written, and in Latin letters where the message has it. */
export interface PersonName {
  written: string
  latin: string
}

/**
 * The name of an XPN field (v2.5.1 2.A.89). The same name may be repeated in ideographic and alphabetic writing (XPN.8), and
 * stand whole in the family name or be split; aliases and maiden names (XPN.7) are left aside.
 */
export function patientName(field: Hl7Field): PersonName {
  const own = field.repetitions.filter((one) => ['', 'L', 'D', 'U'].includes(one.text(7)))
  const names = (own.length > 0 ? own : field.repetitions).map((one) => ({
    text: whole(one.text(1), one.text(2), one.text(3)),
    representation: one.text(8),
  }))
  const chinese = names.find(({ text, representation }) => representation === 'I' || hasHan(text))
  const alphabetic = names.find(
    ({ text, representation }) => text !== '' && representation !== 'I' && !hasHan(text),
  )
  return {
    written: (chinese?.text || alphabetic?.text) ?? '',
    latin: alphabetic?.text ?? '',
  }
}

/** The name of an XCN: id, family, given, further. Some senders write it whole into the id's place with no id. */
export function doctorName(repetition: Hl7Repetition | undefined): string {
  if (!repetition) return ''
  const name = whole(repetition.text(2), repetition.text(3), repetition.text(4))
  return name || (hasHan(repetition.text(1)) ? repetition.text(1) : '')
}

/** Chinese names are written without a blank. */
function whole(...parts: string[]): string {
  const said = parts.filter(Boolean)
  return said.join(said.every(hasHan) ? '' : ' ').trim()
}

function hasHan(text: string): boolean {
  return /\p{Script=Han}/u.test(text)
}
