import type { Transaction } from 'kysely'
import { strictest } from '../../../shared/access/index.ts'
import type { Order } from '../../../shared/order/index.ts'
import type { AuditEntry } from '../../audit/index.ts'
import type { Foundation } from '../../foundation.ts'
import { Hl7Error } from '../../hl7/index.ts'
import type { Schema } from '../../store/index.ts'
import { itemsOf, joinedItems, spokenOf } from '../order-items.ts'
import type { OrderRecord, OrderRows } from '../order-rows.ts'
import type { PatientMerges } from '../patient-merges.ts'
import { type FeedChange, type OrderChange, type PatientFacts, patientFactNames } from './changes.ts'
import { completeOrder } from './order-facts.ts'

/** Where a patient is now, for who has to be told elsewhere. */
export interface PatientMove {
  patientId: string
  visitNumber: string
  ward: string
  bed: string
  department: string
}

/** What there is to tell once a change has been committed. */
export interface Applied {
  changed: boolean
  move: PatientMove | null
}

interface Deps {
  audit: Foundation['audit']
  clock: Foundation['clock']
  rows: OrderRows
  merges: PatientMerges
}
type Trx = Transaction<Schema>
type Applying<K extends FeedChange['kind']> = (
  trx: Trx,
  change: Extract<FeedChange, { kind: K }>,
  actor: AuditEntry['actor'],
) => Promise<Applied>

/**
 * Puts what a message means into the store, in the caller's transaction: whole, or by a throw not at all.
 * A message that is older than what is known (MSH-7) changes nothing, and that is audited.
 */
export function createApply({ audit, clock, rows, merges }: Deps): (
  trx: Trx,
  change: FeedChange,
  /** The feed with the address that the message came from, or who sends it again by hand. */
  actor: AuditEntry['actor'],
) => Promise<Applied> {
  const tell = (trx: Trx, action: string, actor: AuditEntry['actor'], id: string, detail: object) =>
    audit.append(trx, {
      action,
      outcome: 'success',
      actor,
      object: { kind: action.startsWith('patient') ? 'patient' : 'order', id },
      detail: { ...detail },
    })

  const applyOrders: Applying<'orders'> = async (trx, { orders, sentAt }, actor) => {
    let changed = false
    for (const order of orders) {
      const patientId = await merges.survivor(trx, order.patientId)
      if (await applyOrder(trx, { ...order, patientId }, sentAt, actor)) changed = true
    }
    return { changed, move: null }
  }

  async function applyOrder(
    trx: Trx,
    change: OrderChange,
    sentAt: number | null,
    actor: AuditEntry['actor'],
  ): Promise<boolean> {
    const { accessionNumber, patientId } = change
    const known = await rows.byAccession(trx, accessionNumber)
    const detail = { accessionNumber, patientId, sentAt }
    const where = change.places.accessionNumber ?? ''
    // A number used again must not turn one patient's order into another's.
    if (known && known.source !== 'typed' && known.order.patientId !== patientId)
      throw new Hl7Error('conflict', where)
    if (known && isOlder(sentAt, known.sentAt)) {
      await tell(trx, 'order.outdated', actor, known.id, { ...detail, newest: known.sentAt })
      return false
    }
    if (change.action === 'cancel') {
      if (!known || known.order.patientId !== patientId) throw new Hl7Error('unknown', where)
      const items = itemsOf(known.order, known.items)
      const ended = new Set(change.items.flatMap((item) => spokenOf(items, item)))
      const left = items.filter((item) => !ended.has(item))
      // Of another item than is kept: that one must not go in its place.
      if (ended.size === 0) throw new Hl7Error('unknown', where)
      const newestAt = { ...known, sentAt: newest(sentAt, known.sentAt) }
      if (left.length > 0) {
        const order = { ...known.order, ...joinedItems(left) }
        await rows.update(trx, { ...newestAt, order, items: left })
        await tell(trx, 'order.replaced', actor, known.id, { ...detail, itemsCancelled: ended.size })
        return true
      }
      await rows.update(trx, { ...newestAt, cancelledAt: known.cancelledAt ?? clock() })
      await tell(trx, 'order.cancelled', actor, known.id, detail)
      return true
    }
    // One that was typed in may have been another patient's: nothing of it stays.
    const own = known?.order.patientId === patientId ? known : null
    const { action } = change
    // Ordered anew, nothing stays of what was cancelled, or did not come by a feed.
    const stands = own?.source === 'feed' && own.cancelledAt === null
    const { order, items } = completeOrder(change, action === 'change' || stands ? own : null)
    const facts = {
      order: withLabel(withNewestPatient(order, own, sentAt), own, change),
      items,
      source: 'feed' as const,
      // Ordered anew; a mere change leaves a cancelled order cancelled.
      cancelledAt: action === 'new' ? null : (known?.cancelledAt ?? null),
      sentAt: newest(sentAt, known?.sentAt ?? null),
      patientSentAt: newest(sentAt, own?.patientSentAt ?? null),
    }
    const id = known?.id ?? rows.newId()
    if (known) await rows.update(trx, { ...known, ...facts })
    else await rows.insert(trx, { id, examDoneAt: null, ...facts })
    await tell(trx, known ? 'order.replaced' : 'order.added', actor, id, {
      ...detail,
      ...(known && known.order.patientId !== patientId ? { before: known.order.patientId } : {}),
    })
    return true
  }

  const applyPatient: Applying<'patient'> = async (trx, change, actor) => {
    const { facts, sentAt, department, moved, label } = change
    const patientId = await merges.survivor(trx, change.patientId)
    let updated = 0
    let outdated = 0
    let placed = false
    const open = await rows.openOf(trx, patientId)
    for (const known of open) {
      if (isOlder(sentAt, known.patientSentAt)) {
        outdated += 1
        await tell(trx, 'order.outdated', actor, known.id, { patientId, sentAt, newest: known.patientSentAt })
        continue
      }
      const own = factsFor(known.order, facts)
      // A patient's label may only rise by this: the order may have one of its own.
      const sensitivity = strictest([known.order.sensitivity ?? 'general', label ?? 'general'])
      const raised = sensitivity !== (known.order.sensitivity ?? 'general')
      const order: Order = { ...known.order, ...own, ...(raised ? { sensitivity } : {}) }
      // Also where it was written before: whoever is to be told may not have been.
      placed ||= own.ward !== undefined
      const same = patientFactNames.every((name) => order[name] === known.order[name])
      await rows.update(trx, { ...known, order, patientSentAt: newest(sentAt, known.patientSentAt) })
      if (same && !raised) continue
      updated += 1
      await tell(trx, 'order.patient-updated', actor, known.id, {
        patientId,
        fields: patientFactNames.filter((name) => order[name] !== known.order[name]),
        ...(raised ? { sensitivity } : {}),
        sentAt,
      })
    }
    await tell(trx, moved ? 'patient.moved' : 'patient.updated', actor, patientId, {
      orders: updated,
      sentAt,
    })
    const { ward = '', bed = '', visitNumber = '' } = facts
    // A move that is older than what is known of every order is history.
    const current = placed || (moved && outdated < Math.max(open.length, 1))
    const move = current && ward !== '' ? { patientId, visitNumber, ward, bed, department } : null
    return { changed: updated > 0, move }
  }

  const applyMerges: Applying<'merges'> = async (trx, change, actor) => {
    let changed = false
    for (const { merged, surviving, where } of change.merges) {
      const into = await merges.survivor(trx, surviving)
      const from = await merges.survivor(trx, merged)
      // Said before, by this or another message.
      if (from === into && merged !== into) continue
      // Already part of somebody else, or the other way round: two people must not become one by a contradiction.
      if (from !== merged || into === merged) throw new Hl7Error('conflict', where)
      await merges.add(trx, { merged, surviving: into })
      const orders = await rows.allOf(trx, merged)
      for (const known of orders)
        await rows.update(trx, { ...known, order: { ...known.order, patientId: into } })
      await tell(trx, 'patient.merged', actor, into, { merged, surviving: into, orders: orders.length })
      changed = true
    }
    return { changed, move: null }
  }

  return (trx, change, actor) => {
    switch (change.kind) {
      case 'orders':
        return applyOrders(trx, change, actor)
      case 'patient':
        return applyPatient(trx, change, actor)
      case 'merges':
        return applyMerges(trx, change, actor)
    }
  }
}

/** Messages without a time come in the order they arrive. */
function isOlder(sentAt: number | null, known: number | null): boolean {
  return sentAt !== null && known !== null && sentAt < known
}

function newest(a: number | null, b: number | null): number | null {
  if (a === null || b === null) return a ?? b
  return Math.max(a, b)
}

/** The order, with the patient facts that a newer message has brought since it was sent. */
function withNewestPatient(order: Order, known: OrderRecord | null, sentAt: number | null): Order {
  if (!known || !isOlder(sentAt, known.patientSentAt)) return order
  const kept = Object.fromEntries(patientFactNames.map((name) => [name, known.order[name]]))
  return { ...order, ...kept }
}

/**
 * A label falls only where a message says so of the order itself, never by silence, nor because the patient is nobody special
 * (PV1-16 stands in every message, ORC-28 often in the first alone).
 */
function withLabel(order: Order, known: OrderRecord | null, { facts, otherwise }: OrderChange): Order {
  if (facts.sensitivity) return { ...order, sensitivity: facts.sensitivity }
  const labels = [known?.order.sensitivity, otherwise.sensitivity].filter((one) => one !== undefined)
  return labels.length > 0 ? { ...order, sensitivity: strictest(labels) } : order
}

/** Who the patient is holds for all their orders; where they lie, for those of the same visit. */
function factsFor(order: Order, facts: PatientFacts): PatientFacts {
  const { patientClass: _class, visitNumber, ward: _ward, bed: _bed, ...person } = facts
  const otherVisit = visitNumber && order.visitNumber && visitNumber !== order.visitNumber
  return otherVisit ? person : facts
}
