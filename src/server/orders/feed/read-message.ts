import { Hl7Error, type Hl7Message, type Hl7Segment, parseTime } from '../../hl7/index.ts'
import type { FeedChange, OrderChange } from './changes.ts'
import type { FeedMapping } from './mapping.ts'
import { joinOrders, orderGroups, readOrder } from './order-facts.ts'
import { patientIdOf, readPatientFacts } from './patient-facts.ts'
import { firstSaid, labelIn, lookedUp } from './places.ts'

/** Admitted, moved, registered, updated: all say what holds for the patient now. */
const patientEvents = ['A01', 'A02', 'A04', 'A08', 'A31']

/**
 * What a message of an order feed means: ORM^O01 and OMI^O23 (orders), ADT^A01, A02, A04, A08, A31 (patient facts),
 * ADT^A40 (merge). Pure: nothing is looked up.
 * @throws Hl7Error for what is not one of these, or cannot be read; the whole message is then refused.
 */
export function readFeedMessage(message: Hl7Message, mapping: FeedMapping): FeedChange {
  const { header, segments } = message
  const environment = header.field(11).text()
  if (environment !== '' && environment !== mapping.processingId)
    throw new Hl7Error('processing-id', 'MSH-11')
  const sentAt = sendingTime(header, mapping)
  const type = header.field(9).text()
  const event = header.field(9).text(2)
  if (type === 'ORM' || type === 'OMI') {
    if (event !== '' && event !== (type === 'ORM' ? 'O01' : 'O23')) throw new Hl7Error('event', 'MSH-9.2')
    return { kind: 'orders', sentAt, orders: readOrders(segments, mapping, sentAt) }
  }
  if (type !== 'ADT') throw new Hl7Error('message-type', 'MSH-9')
  if (event === 'A40') return { kind: 'merges', sentAt, merges: readMerges(segments, mapping) }
  if (!patientEvents.includes(event)) throw new Hl7Error('event', 'MSH-9.2')
  const pid = only(segments, 'PID')
  const scope = [segments]
  const { facts } = readPatientFacts(scope, mapping, sentAt)
  const label = labelIn(scope, mapping)
  return {
    kind: 'patient',
    sentAt,
    patientId: patientIdOf(pid.field(3), 'PID-3', mapping),
    facts,
    department: departmentOf(segments, mapping),
    moved: event === 'A02',
    ...(label ? { label: label.label } : {}),
  }
}

function sendingTime(header: Hl7Segment, mapping: FeedMapping): number | null {
  const text = header.field(7).text()
  if (text === '') return null
  const at = parseTime(text, mapping.zoneMinutes)
  if (at === null) throw new Hl7Error('time', 'MSH-7')
  return at
}

function readOrders(
  segments: readonly Hl7Segment[],
  mapping: FeedMapping,
  sentAt: number | null,
): OrderChange[] {
  const patientId = patientIdOf(only(segments, 'PID').field(3), 'PID-3', mapping)
  const { common, groups } = orderGroups(segments)
  const orders: OrderChange[] = []
  for (const group of groups) {
    const order = readOrder([group, common], patientId, mapping, sentAt)
    if (!order) continue
    const same = orders.findIndex(({ accessionNumber }) => accessionNumber === order.accessionNumber)
    // Several items under one number (胸部CT平扫, 上腹部CT平扫) are one exam.
    if (same < 0) orders.push(order)
    else orders[same] = joinOrders(orders[same]!, order)
  }
  return orders
}

/** The one segment of its name. @throws Hl7Error where there is none, or a second person's. */
function only(segments: readonly Hl7Segment[], name: string): Hl7Segment {
  const [first, second] = segments.filter((segment) => segment.name === name)
  if (!first) throw new Hl7Error('segment', name)
  if (second) throw new Hl7Error('segment', second.where)
  return first
}

/** A40 (v2.5.1 3.3.40): PID is who stays, the MRG that follows it who becomes part of them; both may repeat. */
function readMerges(segments: readonly Hl7Segment[], mapping: FeedMapping) {
  const merges: { surviving: string; merged: string; where: string }[] = []
  let staying: Hl7Segment | null = null
  const chosen = mapping.patientId.type !== undefined || mapping.patientId.authority !== undefined
  for (const segment of segments) {
    if (segment.name === 'PID') {
      if (staying) throw new Hl7Error('segment', 'MRG')
      staying = segment
    } else if (segment.name === 'MRG') {
      if (!staying) throw new Hl7Error('segment', 'PID')
      const surviving = patientIdOf(staying.field(3), 'PID-3', mapping)
      const merged = patientIdOf(segment.field(1), 'MRG-1', mapping)
      const where = segment.field(1).where
      if (!chosen && !sameKind(staying, segment)) throw new Hl7Error('conflict', where)
      if (merged === surviving) throw new Hl7Error('conflict', where)
      merges.push({ surviving, merged, where })
      staying = null
    }
  }
  if (staying) throw new Hl7Error('segment', 'MRG')
  if (merges.length === 0) throw new Hl7Error('segment', 'PID')
  return merges
}

/** False where both say what kind of number theirs is, or whose, and it is not the same: a visit number is no patient id. */
function sameKind(pid: Hl7Segment, mrg: Hl7Segment): boolean {
  return [4, 5].every((component) => {
    const [a, b] = [pid.field(3).text(component), mrg.field(1).text(component)]
    return a === '' || b === '' || a === b
  })
}

/** Where the patient is now: PV1 only, since an ADT has no order. */
function departmentOf(segments: readonly Hl7Segment[], mapping: FeedMapping): string {
  const places = mapping.fields.orderingDepartment.filter((place) => place.startsWith('PV1'))
  const text = firstSaid([segments], places)?.text ?? ''
  return lookedUp(mapping.department, text) ?? text
}
