import { strictest } from '../../../shared/access/index.ts'
import { Order } from '../../../shared/order/index.ts'
import { Hl7Error, type Hl7Segment, parseTime } from '../../hl7/index.ts'
import {
  type ItemFacts,
  itemFactNames,
  itemPart,
  itemsAfter,
  itemsOf,
  joinedItems,
  OrderItem,
} from '../order-items.ts'
import type { OrderChange, OrderFacts } from './changes.ts'
import type { FeedMapping, OrderAction } from './mapping.ts'
import { doctorName } from './names.ts'
import { type Read, readPatientFacts } from './patient-facts.ts'
import {
  coded,
  fieldIn,
  firstSaid,
  labelIn,
  likelyPlace,
  lookedUp,
  type Said,
  type Scope,
  segmentIn,
} from './places.ts'

/**
 * The segments of each order of a message: from an ORC to the next; a second OBR below one ORC begins another order of it.
 * @throws Hl7Error where there is none.
 */
export function orderGroups(segments: readonly Hl7Segment[]): {
  common: Hl7Segment[]
  groups: Hl7Segment[][]
} {
  const first = segments.findIndex(({ name }) => name === 'ORC')
  if (first < 0) throw new Hl7Error('segment', 'ORC')
  const groups: Hl7Segment[][] = []
  for (const segment of segments.slice(first)) {
    const current = groups.at(-1)
    if (segment.name === 'ORC' || !current) groups.push([segment])
    else if (segment.name === 'OBR' && current.some(({ name }) => name === 'OBR'))
      groups.push([current[0]!, segment])
    else current.push(segment)
  }
  return { common: segments.slice(0, first), groups }
}

/** One order of a message; null for one that asks for nothing. @throws Hl7Error */
export function readOrder(
  scope: Scope,
  patientId: string,
  mapping: FeedMapping,
  sentAt: number | null,
): OrderChange | null {
  const control = segmentIn(scope, 'ORC')!.field(1)
  if (control.text() === '') throw new Hl7Error('missing', control.where)
  const action: OrderAction = coded(mapping.orderControl, { text: control.text(), where: control.where })
  if (action === 'ignore') return null
  const number = firstSaid(scope, mapping.fields.accessionNumber)
  if (!number || number.text === '')
    throw new Hl7Error('missing', likelyPlace(scope, mapping.fields.accessionNumber))
  if (number.text.length > 16) throw new Hl7Error('too-long', number.where)
  const who = { action, accessionNumber: number.text, patientId }
  // To cancel an order it is enough to say which.
  if (action === 'cancel') {
    const places = { accessionNumber: number.where }
    return { ...who, facts: {}, items: [readWhichItem(scope, mapping)], otherwise: {}, places }
  }
  if (!segmentIn(scope, 'OBR')) throw new Hl7Error('segment', 'OBR')
  const patient = readPatientFacts(scope, mapping, sentAt)
  const order = readOrderFacts(scope, mapping)
  const label = labelIn(scope, mapping)
  return {
    ...who,
    facts: { ...patient.facts, ...order.facts, ...(label?.own ? { sensitivity: label.label } : {}) },
    items: [itemPart(order.facts)],
    otherwise: {
      ...whereUnsaid(mapping, order.facts.orderedAt ?? sentAt),
      // Said of the patient alone.
      ...(label && !label.own ? { sensitivity: label.label } : {}),
    },
    places: { ...patient.places, ...order.places, accessionNumber: number.where },
  }
}

/** Which item a message that cancels speaks of, as it would be kept; empty where it does not say. */
function readWhichItem(scope: Scope, mapping: FeedMapping): ItemFacts {
  const said = (name: 'applicationNumber' | 'itemCode' | 'itemName') =>
    firstSaid(scope, mapping.fields[name])?.text ?? ''
  return {
    applicationNumber: said('applicationNumber'),
    itemCode: said('itemCode'),
    itemName: cut(said('itemName'), lengths.itemName),
  }
}

/** What an order is taken to be where nothing says it: what the tables have for an empty field, and when it was sent. */
function whereUnsaid(mapping: FeedMapping, orderedAt: number | null): OrderChange['otherwise'] {
  const { sex, patientClass, priority, modality } = mapping
  const said = {
    sex: sex[''],
    patientClass: patientClass[''],
    priority: priority[''],
    modality: modality[''],
  }
  return {
    ...Object.fromEntries(Object.entries(said).filter(([, value]) => value !== undefined)),
    birthDate: '',
    ...(orderedAt === null ? {} : { orderedAt, scheduledAt: orderedAt }),
  }
}

/** Texts for people; a longer one is cut and says so. Numbers and names are never cut. */
const shortened = ['itemName', 'bodyPart', 'orderingDoctor', 'orderingDepartment', 'clinicalInfo'] as const
const lengths: Record<(typeof shortened)[number], number> = {
  itemName: 80,
  bodyPart: 40,
  orderingDoctor: 40,
  orderingDepartment: 40,
  clinicalInfo: 400,
}

function readOrderFacts(scope: Scope, mapping: FeedMapping): Read<OrderFacts> {
  const facts: OrderFacts = {}
  const places: Record<string, string> = {}
  const said = (name: keyof FeedMapping['fields']): Said | null => {
    const value = firstSaid(scope, mapping.fields[name])
    places[name] = value?.where ?? likelyPlace(scope, mapping.fields[name])
    return value
  }
  const set = (name: 'applicationNumber' | 'studyInstanceUid' | 'itemCode' | 'itemName' | 'bodyPart') => {
    const value = said(name)
    if (value) facts[name] = value.text
  }
  set('applicationNumber')
  set('studyInstanceUid')
  set('itemCode')
  set('itemName')
  set('bodyPart')
  const info = said('clinicalInfo')
  if (info) facts.clinicalInfo = info.text
  const doctor = doctorIn(scope, mapping)
  if (doctor) facts.orderingDoctor = doctor
  const department = said('orderingDepartment')
  if (department) facts.orderingDepartment = lookedUp(mapping.department, department.text) ?? department.text
  const modality = said('modality')
  if (modality && modality.text !== '') facts.modality = coded(mapping.modality, modality)
  const priority = said('priority')
  if (priority && priority.text !== '') facts.priority = coded(mapping.priority, priority)
  for (const time of ['orderedAt', 'scheduledAt'] as const) {
    const value = said(time)
    if (!value || value.text === '') continue
    const at = parseTime(value.text, mapping.zoneMinutes)
    if (at === null) throw new Hl7Error('time', value.where)
    facts[time] = at
  }
  for (const name of shortened) {
    const text = facts[name]
    if (text !== undefined) facts[name] = cut(text, lengths[name])
  }
  return { facts, places }
}

function cut(text: string, length: number): string {
  return text.length > length ? `${text.slice(0, length - 1)}…` : text
}

function doctorIn(scope: Scope, mapping: FeedMapping): string {
  for (const place of mapping.fields.orderingDoctor) {
    const name = place.includes('.')
      ? firstSaid(scope, [place])?.text
      : doctorName(fieldIn(scope, place)?.repetitions[0])
    if (name) return name
  }
  return ''
}

/**
 * What a message says under one accession number in several orders, as one order of several items. What the first says of the
 * exam as a whole holds; they must ask for the same, and be one modality's and one study's.
 * @throws Hl7Error `conflict` where they are not.
 */
export function joinOrders(first: OrderChange, second: OrderChange): OrderChange {
  const differ = (name: 'modality' | 'studyInstanceUid') =>
    first.facts[name] && second.facts[name] && first.facts[name] !== second.facts[name]
  if (first.action !== second.action) throw new Hl7Error('conflict', second.places.accessionNumber ?? '')
  for (const name of ['modality', 'studyInstanceUid'] as const)
    if (differ(name)) throw new Hl7Error('conflict', second.places[name] ?? '')
  const times = [first.facts.orderedAt, second.facts.orderedAt].filter((at) => at !== undefined)
  const labels = [first.facts.sensitivity, second.facts.sensitivity].filter((one) => one !== undefined)
  return {
    ...first,
    facts: {
      ...second.facts,
      ...first.facts,
      ...(times.length > 0 ? { orderedAt: Math.min(...times) } : {}),
      ...(labels.length > 0 ? { sensitivity: strictest(labels) } : {}),
    },
    items: [...first.items, ...second.items],
    // What is wrong with an item is read where the last one stands.
    places: { ...first.places, ...second.places },
  }
}

/**
 * The order that a change leaves, with its items where they are several: a new one stands for itself and the applications that
 * it names, a change keeps what it does not speak of.
 * @throws Hl7Error naming the place of the first fact that is missing or cannot be.
 */
export function completeOrder(
  change: OrderChange,
  before: { order: Order; items: readonly OrderItem[] } | null,
): { order: Order; items: OrderItem[] } {
  const { accessionNumber, patientId, facts, otherwise, places } = change
  const action = change.action === 'new' ? 'new' : 'change'
  const known = before ? itemsOf(before.order, before.items) : []
  const said = change.items.map((item) => (action === 'new' ? { ...itemPart(otherwise), ...item } : item))
  const next = itemsAfter(action, known, said)
  const stays = action === 'new' && next.length > said.length ? before?.order : undefined
  // Two modalities are two exams.
  if (stays && facts.modality !== undefined && facts.modality !== stays.modality)
    throw new Hl7Error('conflict', places.modality ?? '')
  const kept = action === 'change' ? before?.order : undefined
  const candidate = { ...otherwise, ...kept, ...facts, accessionNumber, patientId }
  if (next.length < 2) return { order: validOrder({ ...candidate, ...next[0] }, places), items: [] }
  const shared = Object.fromEntries(
    Object.entries(candidate).filter(([name]) => !itemFactNames.some((ofItem) => ofItem === name)),
  )
  // Each item on its own first: nothing of one is taken for another, and what is missing is told.
  const items = next.map((item) =>
    OrderItem.parse(validOrder({ ...shared, ...itemPart(otherwise), ...item }, places)),
  )
  return { order: validOrder({ ...candidate, ...joinedItems(items) }, places), items }
}

function validOrder(candidate: Record<string, unknown>, places: OrderChange['places']): Order {
  if (candidate.studyInstanceUid === '') delete candidate.studyInstanceUid
  const parsed = Order.safeParse(candidate)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  const name = String(issue?.path[0] ?? '')
  const missing = candidate[name] === undefined || candidate[name] === ''
  const reason = missing ? 'missing' : issue?.code === 'too_big' ? 'too-long' : 'value'
  throw new Hl7Error(reason, places[name] ?? '')
}
