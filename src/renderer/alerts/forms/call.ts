import type { Alert, Clinician } from '../../../shared/alert/index.ts'
import type { PhoneCall } from '../../../shared/api/alerts.ts'
import type { Contact, RecipientKind } from '../../../shared/critical/rules.ts'
import { lastTimeAt, timeOfDay } from '../call-time.ts'

/** What stands in the form of a telephone call. */
export interface CallFields {
  name: string
  role: Clinician['role']
  phone: string
  /** Null until it is said. */
  reached: boolean | null
  readBack: boolean
  /** HH:MM. */
  time: string
  handling: string
  remark: string
}

export type CallMistake = 'reachedMissing' | 'nameMissing' | 'timeWrong' | 'notReadBack'

const roles: Record<RecipientKind, Clinician['role']> = {
  ward: 'nurse',
  doctor: 'doctor',
  'department-head': 'doctor',
  'duty-office': 'other',
}

/** Somebody who can be telephoned about an alert. */
export type Callee = Pick<CallFields, 'name' | 'role' | 'phone'>

/** The form as it opens: to the one who is to answer now. A ward's name is nobody's: who answers there is asked for. */
export function freshCall({ recipient }: Pick<Alert, 'recipient'>, now: number): CallFields {
  return {
    name: recipient.kind === 'doctor' || recipient.kind === 'department-head' ? recipient.name : '',
    role: roles[recipient.kind],
    phone: recipient.phone,
    reached: null,
    readBack: false,
    time: timeOfDay(now),
    handling: '',
    remark: '',
  }
}

/** Who else there is to telephone: of the recipient's department or the patient's ward first, then those for all. */
export function calleesFor(
  { recipient, ward }: Pick<Alert, 'recipient' | 'ward'>,
  contacts: readonly Contact[],
): (Callee & { kind: RecipientKind })[] {
  const places = [recipient.department, ward].filter(Boolean)
  const ours = contacts.filter(({ department }) => department !== '' && places.includes(department))
  const everybodys = contacts.filter(({ department }) => department === '')
  return [...ours, ...everybodys]
    .slice(0, 8)
    .map(({ kind, name, phone }) => ({ kind, name, phone, role: roles[kind] }))
}

/** The call to record, or what is missing. `now` is epoch ms. */
export function callOf(fields: CallFields, now: number): { call: PhoneCall } | { mistake: CallMistake } {
  const { reached, readBack, name, role, phone } = fields
  if (reached === null) return { mistake: 'reachedMissing' }
  if (reached && name.trim() === '') return { mistake: 'nameMissing' }
  const at = lastTimeAt(fields.time, now)
  if (at === null) return { mistake: 'timeWrong' }
  const remark = fields.remark.trim()
  const handling = fields.handling.trim()
  if (reached && !readBack && remark === '') return { mistake: 'notReadBack' }
  return {
    call: {
      called: { name: name.trim(), role, phone: phone.trim() },
      reached,
      readBack: reached && readBack,
      remark,
      at,
      ...(reached && handling !== '' ? { handling } : {}),
    },
  }
}
