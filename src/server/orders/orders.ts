import type { Transaction } from 'kysely'
import { z } from 'zod'
import type { Sensitivity } from '../../shared/access/index.ts'
import { VigilError } from '../../shared/errors/index.ts'
import { Order } from '../../shared/order/index.ts'
import type { StudySummary } from '../../shared/study/index.ts'
import type { AuditEntry } from '../audit/index.ts'
import type { Announcements, Foundation } from '../foundation.ts'
import { auditActor } from '../http/index.ts'
import type { Handlers } from '../http/route-handlers.ts'
import { createDamageReports } from '../integrity/index.ts'
import { accessionIndex, IntegrityError, studyIndex } from '../protection/index.ts'
import type { Schema } from '../store/index.ts'
import { labelOfOrders, orderFits, preferred } from './matching.ts'
import { createOrderRows, type OrderSource } from './order-rows.ts'
import { readOrdersFile } from './orders-file.ts'
import { createPatientMerges, type SamePatient } from './patient-merges.ts'
import { enterOrder } from './typed-order.ts'

/** An order as kept: how it came, when the technologist marked the exam done, and when it was cancelled (epoch ms). */
export interface KeptOrder {
  order: Order
  source: OrderSource
  examDoneAt: number | null
  cancelledAt: number | null
}

/** With the id of its row. */
export interface ListedOrder extends KeptOrder {
  id: string
}

/** The order of a study, and the strictest label of all orders that are the study's. */
export interface OrderOfStudy {
  kept: KeptOrder | null
  damaged: boolean
  sensitivity: Sensitivity
  /** All orders that are the study's, that one among them. */
  fitting: readonly Order[]
}

/** Patient, order and exam facts. Orders come in, are looked up, and their exams marked done. */
export interface Orders {
  /**
   * Takes orders in: new ones are added, known accession numbers replaced; "exam done" stays. All are validated before
   * the first is written; they are written in batches, so that a long import does not hold up the gateway's own writing,
   * and may be repeated.
   * @throws VigilError `bad-request` naming index and field.
   */
  importOrders(
    orders: readonly unknown[],
    actor: AuditEntry['actor'],
  ): Promise<{ added: number; replaced: number }>
  /** The same from a JSON file that holds an array of orders, for the command line. @throws Error saying what is wrong where. */
  importOrdersFile(path: string): Promise<{ added: number; replaced: number }>
  byAccession(accessionNumber: string): Promise<KeptOrder | null>
  byStudy(studyInstanceUid: string): Promise<KeptOrder | null>
  /**
   * The order that is the study's, by its UID or else its accession number; never another patient's. `damaged`: there is one
   * that cannot be read (it is reported), so that the images must not wait for it.
   */
  ofStudy(study: StudySummary): Promise<OrderOfStudy>
  /** The strictest label of the orders that name the study. @throws VigilError where one cannot be read */
  labelOfStudy(studyInstanceUid: string): Promise<Sensitivity>
  /** The newest by scheduled time, at most `limit`, in batches. A damaged row is left out, and reported. */
  newest(limit?: number): AsyncIterable<ListedOrder[]>
  /** Those of these ids that there are, and can be read. */
  byIds(ids: readonly string[]): Promise<ListedOrder[]>
  /** All of `newest` at once. */
  list(limit?: number): Promise<KeptOrder[]>
  markExamDone(accessionNumber: string, actor: AuditEntry['actor']): Promise<void>
  /** Which patient ids are one person's, by the hospital's merges so far. */
  samePatient(): Promise<SamePatient>
  /** The id that each person is known by now, by the hospital's merges so far. */
  survivorOf(): Promise<(patientId: string) => string>
  /** The blind patient indexes of the person whose index this is, that one among them. */
  patientsOf(patientIndex: string): Promise<string[]>
  readonly handlers: Handlers<'examDone' | 'enterOrder'>
}

/** How many orders a worklist is made from: some months of a large department. */
const listLimit = 120_000
/** How many are read and decrypted without letting anything else go on. */
const readAtOnce = 1000
/** Orders written in one transaction: some tens of milliseconds. */
const batch = 50

export function createOrders(foundation: Foundation, announcements: Announcements): Orders {
  const { store, protection, audit, clock } = foundation
  const damage = createDamageReports(foundation)
  const rows = createOrderRows(foundation)
  const merges = createPatientMerges(foundation)

  async function importOrders(candidates: readonly unknown[], actor: AuditEntry['actor']) {
    const orders = validate(candidates)
    const counts = { added: 0, replaced: 0 }
    for (let start = 0; start < orders.length; start += batch) {
      const change = await store.transaction(async (trx) => {
        const written = { added: 0, replaced: 0 }
        for (const order of orders.slice(start, start + batch)) written[await write(trx, order, actor)] += 1
        return written
      })
      counts.added += change.added
      counts.replaced += change.replaced
    }
    announcements.announce({ kind: 'worklist-changed' })
    return counts
  }

  async function write(
    trx: Transaction<Schema>,
    given: Order,
    actor: AuditEntry['actor'],
  ): Promise<'added' | 'replaced'> {
    const order = { ...given, patientId: await merges.survivor(trx, given.patientId) }
    const known = await rows.byAccession(trx, order.accessionNumber)
    const id = known?.id ?? rows.newId()
    const facts = {
      id,
      order,
      items: [],
      source: 'file' as const,
      cancelledAt: null,
      sentAt: null,
      patientSentAt: null,
    }
    if (known) await rows.update(trx, { ...known, ...facts })
    else await rows.insert(trx, { examDoneAt: null, ...facts })
    const outcome = known ? 'replaced' : 'added'
    await audit.append(trx, {
      action: `order.${outcome}`,
      outcome: 'success',
      actor,
      object: { kind: 'order', id },
      detail: { accessionNumber: order.accessionNumber, patientId: order.patientId },
    })
    return outcome
  }

  const orderOf = (row: Schema['orders']): KeptOrder => ({
    order: rows.opened(row),
    source: row.source,
    examDoneAt: row.exam_done_at,
    cancelledAt: row.cancelled_at,
  })

  const rowsBy = (column: 'accession_index' | 'study_index', value: string) =>
    store.db
      .selectFrom('orders')
      .selectAll()
      .where(column, '=', value)
      .orderBy('updated_at', 'desc')
      .execute()

  async function find(...by: Parameters<typeof rowsBy>): Promise<KeptOrder[]> {
    try {
      return (await rowsBy(...by)).map(orderOf)
    } catch (error) {
      throw await damage.refusal(error)
    }
  }

  const ofStudy: Orders['ofStudy'] = async (study) => {
    const { accessionNumber } = study
    const found = await rowsBy('study_index', studyIndex(protection, study.studyInstanceUid))
    if (accessionNumber !== '')
      found.push(...(await rowsBy('accession_index', accessionIndex(protection, accessionNumber))))
    const candidates: KeptOrder[] = []
    let damaged = false
    for (const row of found) {
      try {
        candidates.push(orderOf(row))
      } catch (error) {
        if (!(error instanceof IntegrityError)) throw error
        damaged = true
        await damage.report(error.place)
      }
    }
    if (candidates.length === 0) return { kept: null, damaged, sensitivity: 'general', fitting: [] }
    const samePatient = await merges.samePatient()
    const fitting = candidates.filter(({ order }) => orderFits(order, study, samePatient))
    const kept = preferred(fitting, study.studyInstanceUid) ?? null
    return { kept, damaged, sensitivity: labelOfOrders(fitting), fitting: fitting.map(({ order }) => order) }
  }

  async function readable(found: readonly Schema['orders'][]): Promise<ListedOrder[]> {
    const orders: ListedOrder[] = []
    for (const row of found) {
      try {
        orders.push({ id: row.id, ...orderOf(row) })
      } catch (error) {
        if (!(error instanceof IntegrityError)) throw error
        await damage.report(error.place)
      }
    }
    return orders
  }

  async function* newest(limit = listLimit): AsyncGenerator<ListedOrder[]> {
    let before: { scheduled_at: number; id: string } | null = null
    for (let left = limit; left > 0; ) {
      let query = store.db.selectFrom('orders').selectAll()
      if (before) {
        const { scheduled_at, id }: { scheduled_at: number; id: string } = before
        query = query.where((eb) =>
          eb.or([
            eb('scheduled_at', '<', scheduled_at),
            eb.and([eb('scheduled_at', '=', scheduled_at), eb('id', '<', id)]),
          ]),
        )
      }
      const found: Schema['orders'][] = await query
        .orderBy('scheduled_at', 'desc')
        .orderBy('id', 'desc')
        .limit(Math.min(left, readAtOnce))
        .execute()
      const last = found.at(-1)
      if (!last) return
      yield await readable(found)
      before = last
      left -= found.length
    }
  }

  async function byIds(ids: readonly string[]): Promise<ListedOrder[]> {
    const orders: ListedOrder[] = []
    for (let start = 0; start < ids.length; start += readAtOnce) {
      const part = ids.slice(start, start + readAtOnce)
      const found = await store.db.selectFrom('orders').selectAll().where('id', 'in', part).execute()
      orders.push(...(await readable(found)))
    }
    return orders
  }

  async function list(limit?: number): Promise<KeptOrder[]> {
    const orders: KeptOrder[] = []
    for await (const batch of newest(limit)) for (const { id: _, ...order } of batch) orders.push(order)
    return orders
  }

  async function markExamDone(accessionNumber: string, actor: AuditEntry['actor']): Promise<void> {
    await store.transaction(async (trx) => {
      const row = await trx
        .selectFrom('orders')
        .select(['id', 'exam_done_at'])
        .where('accession_index', '=', accessionIndex(protection, accessionNumber))
        .executeTakeFirst()
      if (!row) throw new VigilError('not-found', { field: 'accession' })
      if (row.exam_done_at !== null) return
      await trx.updateTable('orders').set({ exam_done_at: clock() }).where('id', '=', row.id).execute()
      await audit.append(trx, {
        action: 'exam.done',
        outcome: 'success',
        actor,
        object: { kind: 'order', id: row.id },
        detail: { accessionNumber },
      })
    })
    announcements.announce({ kind: 'worklist-changed' })
  }

  return {
    importOrders,
    importOrdersFile: async (path) => importOrders(await readOrdersFile(path), { kind: 'cli', id: 'cli' }),
    byAccession: async (accession) =>
      (await find('accession_index', accessionIndex(protection, accession)))[0] ?? null,
    byStudy: async (study) =>
      preferred(await find('study_index', studyIndex(protection, study)), study) ?? null,
    labelOfStudy: async (study) => labelOfOrders(await find('study_index', studyIndex(protection, study))),
    ofStudy,
    newest,
    byIds,
    list,
    markExamDone,
    samePatient: merges.samePatient,
    survivorOf: merges.survivorOf,
    patientsOf: merges.indexesOf,
    handlers: {
      examDone: async ({ principal, params, address }) => {
        await markExamDone(params.accession, auditActor(principal, address))
        return {}
      },
      enterOrder: async ({ principal, body, address }) => {
        const actor = auditActor(principal, address)
        const { clearance } = principal
        const deps = { rows, merges }
        const outcome = await enterOrder(foundation, deps, body, actor, clearance).catch(async (error) => {
          throw await damage.refusal(error)
        })
        announcements.announce({ kind: 'worklist-changed' })
        return { outcome }
      },
    },
  }
}

/** The orders, every one valid. @throws VigilError naming the first wrong field: `orders[3].sex`. Values are not repeated. */
function validate(candidates: readonly unknown[]): Order[] {
  const parsed = z.array(Order).safeParse(candidates)
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]
  const [index = 0, ...path] = issue?.path ?? []
  throw new VigilError('bad-request', {
    field: `orders[${String(index)}].${path.map(String).join('.')}`,
    reason: issue?.code ?? 'invalid',
  })
}
