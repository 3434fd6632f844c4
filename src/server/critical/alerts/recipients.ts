import type { Recipient } from '../../../shared/alert/index.ts'
import type { Contact, CriticalRules, RecipientKind } from '../../../shared/critical/model.ts'

/** Where the patient is and who asked for the exam, as the order says. Empty is not known. */
export interface ClinicalSide {
  ward: string
  /** The ordering department. */
  department: string
  /** The ordering doctor. */
  doctor: string
}

/**
 * Who is told at a hop of this kind, with what order and contacts know; empty where neither does. A contact of the ward
 * goes before one of the department, and that before one for all. Somebody whom the order names and of whom there is no
 * contact is reached over the nearest telephone, under no code.
 */
export function recipientOf(
  kind: RecipientKind,
  side: ClinicalSide,
  contacts: readonly Contact[],
): Recipient {
  const { ward, department, doctor } = side
  const ofKind = contacts.filter((contact) => contact.kind === kind)
  const of = (place: string) => (place === '' ? undefined : ofKind.find((c) => c.department === place))
  const nearest = of(ward) ?? of(department) ?? ofKind.find((contact) => contact.department === '')
  const named = { ward, doctor, 'department-head': '', 'duty-office': '' }[kind]
  if (named === '') {
    const { name = '', code = '', phone = '' } = nearest ?? {}
    return { kind, name, department, code, phone }
  }
  const sameName = ofKind.filter((contact) => contact.name === named)
  const own =
    kind === 'ward'
      ? (of(ward) ?? sameName[0])
      : (sameName.find((contact) => contact.department === department) ?? sameName[0])
  return { kind, name: named, department, code: own?.code ?? '', phone: own?.phone || nearest?.phone || '' }
}

/** Everybody who can be told: the one by default first, then along the escalation; those of whom nothing is known last. */
export function recipientsFor(
  side: ClinicalSide,
  rules: Pick<CriticalRules, 'contacts' | 'escalation'>,
  first: RecipientKind,
): Recipient[] {
  const kinds: RecipientKind[] = ['ward', 'doctor', 'department-head', 'duty-office']
  const order = [...new Set([first, ...rules.escalation, ...kinds])]
  const all = order.map((kind) => recipientOf(kind, side, rules.contacts))
  const known = ({ name, phone }: Recipient) => name !== '' || phone !== ''
  return [...all.filter(known), ...all.filter((recipient) => !known(recipient))]
}
