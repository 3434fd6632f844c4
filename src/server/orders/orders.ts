import type { Transaction } from 'kysely'
import { z } from 'zod'
import { VigilError } from '../../shared/errors/index.ts'
import { Order } from '../../shared/order/index.ts'
import type { StudySummary } from '../../shared/study/index.ts'
import type { AuditEntry } from '../audit/index.ts'
import type { Announcements, Foundation } from '../foundation.ts'
import type { Handlers } from '../http/route-handlers.ts'
import { createDamageReports } from '../integrity/index.ts'
import { IntegrityError } from '../protection/index.ts'
import type { Schema } from '../store/index.ts'
import { accessionIndex, patientIndex, studyIndex } from './blind-indexes.ts'
import { orderFits } from './matching.ts'
import { readOrdersFile } from './orders-file.ts'

/** An order as kept: with when the technologist marked the exam done (epoch ms). */
export interface KeptOrder {
  order: Order
  examDoneAt: number | null
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
  /** The order that is the study's, by its UID or else its accession number; never another patient's. */
  ofStudy(study: StudySummary): Promise<KeptOrder | null>
  /** The newest by scheduled time, at most `limit`. A damaged row is left out, and reported. */
  list(limit?: number): Promise<KeptOrder[]>
  markExamDone(accessionNumber: string, actor: AuditEntry['actor']): Promise<void>
  readonly handlers: Handlers<'examDone'>
}

/** How many orders a worklist is made from: some weeks of a large department. */
const listLimit = 20_000
/** Orders written in one transaction: some tens of milliseconds. */
const batch = 50

const sealedOrder = (row: string) => ({ table: 'orders', column: 'sealed_order', row })

export function createOrders(foundation: Foundation, announcements: Announcements): Orders {
  const { store, protection, audit, clock, random } = foundation
  const damage = createDamageReports(foundation)
  /** Decrypted orders of the last listing by row, each good only for exactly the ciphertext it came from. */
  let opened = new Map<string, { sealed: string; order: Order }>()

  function open(row: { id: string; sealed_order: string }): Order {
    return Order.parse(JSON.parse(protection.open(sealedOrder(row.id), row.sealed_order)))
  }

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
    order: Order,
    actor: AuditEntry['actor'],
  ): Promise<'added' | 'replaced'> {
    const accession = accessionIndex(protection, order.accessionNumber)
    const known = await trx
      .selectFrom('orders')
      .select('id')
      .where('accession_index', '=', accession)
      .executeTakeFirst()
    const id = known?.id ?? Buffer.from(random(12)).toString('base64url')
    const facts = {
      accession_index: accession,
      study_index: order.studyInstanceUid ? studyIndex(protection, order.studyInstanceUid) : null,
      patient_index: patientIndex(protection, order.patientId),
      sealed_order: protection.seal(sealedOrder(id), JSON.stringify(order)),
      modality: order.modality,
      scheduled_at: order.scheduledAt,
      updated_at: clock(),
    }
    if (known) await trx.updateTable('orders').set(facts).where('id', '=', id).execute()
    else
      await trx
        .insertInto('orders')
        .values({ id, exam_done_at: null, ...facts })
        .execute()
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

  async function find(column: 'accession_index' | 'study_index', value: string): Promise<KeptOrder | null> {
    const row = await store.db
      .selectFrom('orders')
      .selectAll()
      .where(column, '=', value)
      .orderBy('updated_at', 'desc')
      .limit(1)
      .executeTakeFirst()
    if (!row) return null
    try {
      return { order: open(row), examDoneAt: row.exam_done_at }
    } catch (error) {
      throw await damage.refusal(error)
    }
  }

  async function ofStudy(study: StudySummary): Promise<KeptOrder | null> {
    const byUid = await find('study_index', studyIndex(protection, study.studyInstanceUid))
    if (byUid && orderFits(byUid.order, study)) return byUid
    if (study.accessionNumber === '') return null
    const byNumber = await find('accession_index', accessionIndex(protection, study.accessionNumber))
    return byNumber && orderFits(byNumber.order, study) ? byNumber : null
  }

  async function list(limit = listLimit): Promise<KeptOrder[]> {
    const rows = await store.db
      .selectFrom('orders')
      .select(['id', 'sealed_order', 'exam_done_at'])
      .orderBy('scheduled_at', 'desc')
      .limit(limit)
      .execute()
    const seen: typeof opened = new Map()
    const kept: KeptOrder[] = []
    for (const row of rows) {
      try {
        const before = opened.get(row.id)
        const order = before?.sealed === row.sealed_order ? before.order : open(row)
        seen.set(row.id, { sealed: row.sealed_order, order })
        kept.push({ order, examDoneAt: row.exam_done_at })
      } catch (error) {
        if (!(error instanceof IntegrityError)) throw error
        await damage.report(error.place)
      }
    }
    opened = seen
    return kept
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
    byAccession: (accession) => find('accession_index', accessionIndex(protection, accession)),
    byStudy: (study) => find('study_index', studyIndex(protection, study)),
    ofStudy,
    list,
    markExamDone,
    handlers: {
      examDone: async ({ principal, params, address }) => {
        await markExamDone(params.accession, {
          kind: 'account',
          id: principal.accountId,
          workstationId: principal.workstationId,
          address,
        })
        return {}
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
