import { SessionEndReason } from '../../shared/session/index.ts'
import type { ShippedRecord } from '../audit/index.ts'
import type { Code } from './event-codes.ts'
import type { Element } from './xml.ts'

/** How an object of ours is identified in an audit message (PS3.15 A.5.2, RFC 3881 5.5). */
interface ObjectCodes {
  /** 1 person, 2 system object. */
  type: '1' | '2'
  /** Of the roles of PS3.15 A.5.1.2.2. */
  role?: string
  id: Code
}

const rfc = (code: string, text: string): Code => ({ code, system: 'RFC-3881', text })
const dcm = (code: string, text: string): Code => ({ code, system: 'DCM', text })
const own = (code: string, text = code): Code => ({ code, system: 'Vigil', text })

const kinds: Readonly<Record<string, ObjectCodes>> = {
  patient: { type: '1', role: '1', id: rfc('2', 'Patient Number') },
  study: { type: '2', role: '3', id: dcm('110180', 'Study Instance UID') },
  report: { type: '2', role: '3', id: rfc('9', 'Report Number') },
  order: { type: '2', role: '3', id: dcm('121022', 'Accession Number') },
  alert: { type: '2', role: '3', id: own('alert') },
  account: { type: '1', role: '11', id: rfc('11', 'User Identifier') },
  workstation: { type: '2', role: '13', id: dcm('110182', 'Node ID') },
  audit: { type: '2', role: '13', id: rfc('12', 'URI') },
  policy: { type: '2', role: '13', id: own('policy') },
  certificate: { type: '2', role: '13', id: own('certificate') },
  route: { type: '2', role: '13', id: rfc('12', 'URI') },
  dictionary: { type: '2', role: '5', id: own('dictionary') },
  table: { type: '2', role: '22', id: own('table') },
  target: { type: '2', role: '16', id: own('target') },
  backup: { type: '2', role: '17', id: own('backup') },
}

/** What most tables hold of a patient, a study or an order: a keyed hash, which is nobody's identifier outside. */
const blindIndex = /^(?:\d+\.)?[A-Za-z0-9_-]{43}$/

/** Every object of a record, each once: what it was done to first, then what it is about, at last the record itself. */
export function participantObjects({ row, hash, about }: ShippedRecord): Element[] {
  const at = row.object.indexOf(':')
  const object = at > 0 ? [{ kind: row.object.slice(0, at), id: row.object.slice(at + 1) }] : []
  const patientId = row.detail.patientId
  const patient = typeof patientId === 'string' ? [{ kind: 'patient', id: patientId }] : []
  const named = new Map(
    [...object, ...about, ...patient].map((one) => [`${one.kind}:${one.id}`, one] as const),
  )
  return [
    ...[...named.values()].slice(0, mostObjects).map(objectElement),
    recordElement(row.seq, hash, row.detail),
  ]
}

/** A receiver must take 8192 bytes at least that are sent in good faith (RFC 5425, 4.3.1). */
const mostObjects = 12

function objectElement({ kind, id }: { kind: string; id: string }): Element {
  const listed = kinds[kind] ?? { type: '2' as const, id: own(kind) }
  const type =
    blindIndex.test(id) && kind in kinds ? own(`${kind}-index`, `keyed index of a ${kind}`) : listed.id
  return {
    name: 'ParticipantObjectIdentification',
    attributes: {
      ParticipantObjectID: id.slice(0, 256) || '-',
      ParticipantObjectTypeCode: listed.type,
      ParticipantObjectTypeCodeRole: listed.role,
    },
    // The schema wants a name. That of a patient is none of a log server's business.
    children: [
      codeElement('ParticipantObjectIDTypeCode', type),
      { name: 'ParticipantObjectName', children: [kind] },
    ],
  }
}

/** The record in our own trail, by which a receiver can be held against it. */
function recordElement(seq: number, hash: string, detail: Record<string, unknown>): Element {
  const facts = Object.entries({ hash, ...openFacts(detail) })
  return {
    name: 'ParticipantObjectIdentification',
    attributes: { ParticipantObjectID: String(seq), ParticipantObjectTypeCode: '2' },
    children: [
      codeElement('ParticipantObjectIDTypeCode', own('audit-record', 'record of the audit trail')),
      { name: 'ParticipantObjectName', children: ['audit-record'] },
      ...facts.map(([type, value]) => ({
        name: 'ParticipantObjectDetail',
        attributes: { type, value: Buffer.from(String(value), 'utf8').toString('base64') },
      })),
    ],
  }
}

/** The facts of a record that are codes or numbers by their nature. Everything else stays in the trail, sealed. */
const openNames = new Set([
  'bytes',
  'code',
  'column',
  'count',
  'factor',
  'fault',
  'field',
  'format',
  'generation',
  'kind',
  'offsetMs',
  'permission',
  'purpose',
  'restored',
  'role',
  'roles',
  'route',
  'rows',
  'sensitivity',
  'seq',
  'severity',
  'state',
  'status',
  'table',
  'unreadable',
  'version',
  'what',
  'withdrawn',
])
/** A reason is a word of ours, or what somebody typed: only the words of ours go out, whatever the others look like. */
const openReasons: ReadonlySet<unknown> = new Set(SessionEndReason.options)
const codeLike = /^[a-z0-9][a-z0-9.:-]{0,63}$/

function openFacts(detail: Record<string, unknown>): Record<string, string> {
  const facts: Record<string, string> = {}
  for (const [name, value] of Object.entries(detail)) {
    if (name === 'reason' ? !openReasons.has(value) : !openNames.has(name)) continue
    const values = Array.isArray(value) ? value.slice(0, 20) : [value]
    const open = values.filter(
      (one) =>
        typeof one === 'number' ||
        typeof one === 'boolean' ||
        (typeof one === 'string' && codeLike.test(one)),
    )
    if (open.length > 0 && open.length === values.length) facts[name] = open.join(' ')
  }
  return facts
}

/** An element of type CodedValueType. */
export function codeElement(name: string, { code, system, text }: Code): Element {
  return { name, attributes: { 'csd-code': code, codeSystemName: system, originalText: text } }
}
