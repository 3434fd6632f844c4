import { sql } from 'kysely'
import { openTestFoundation } from '../server/foundation.ts'
import { type BenchRow, rowOf, type Samples } from './row.ts'

const operations = 400
const warmUp = 50

/** An order as it is kept: some hundred characters. */
const order = JSON.stringify({
  patientName: '王建国',
  patientId: 'P0012345',
  clinicalInfo: '突发头痛三小时，伴恶心呕吐，既往高血压病史十年',
  studyDescription: '头颅CT平扫',
  requestedBy: '李医生',
  ward: '急诊科',
})

/**
 * What encryption, keyed indexes, row seals and the audit cost at each write and read: the same row in the same schema, in a transaction
 * of its own with the same durability, once as the product writes it and once as plain text without any of these.
 */
export async function benchAtRest(): Promise<BenchRow[]> {
  const ours = await openTestFoundation()
  const peer = await openTestFoundation()
  await dropSeals(peer)
  const writes: Samples = { ours: [], peer: [] }
  const reads: Samples = { ours: [], peer: [] }
  const timed = async (samples: number[], count: number, work: () => Promise<unknown>) => {
    const began = performance.now()
    await work()
    if (count >= warmUp) samples.push((performance.now() - began) * 1000)
  }
  for (let count = 0; count < operations; count += 1) {
    await timed(writes.ours, count, () => writeSealed(ours, `o-${count}`))
    await timed(writes.peer, count, () => writePlain(peer, `o-${count}`))
  }
  for (let count = 0; count < operations; count += 1) {
    const id = `o-${(count * 7) % operations}`
    await timed(reads.ours, count, () => readSealed(ours, id))
    await timed(reads.peer, count, () => readPlain(peer, id))
  }
  await ours.close()
  await peer.close()
  const what = { unit: 'µs', better: 'lower', peerName: 'plain text, no audit' } as const
  return [
    rowOf({ ...what, name: 'write, encrypted and audited', target: 'ratio <= 3' }, writes),
    rowOf({ ...what, name: 'read, encrypted', target: 'ratio <= 2.5' }, reads),
  ]
}

type Gateway = Awaited<ReturnType<typeof openTestFoundation>>

async function dropSeals({ store }: Gateway): Promise<void> {
  const triggers = await sql<{ name: string }>`select name from sqlite_master
    where type = 'trigger' and name like 'sealed\\_%' escape '\\'`.execute(store.db)
  for (const { name } of triggers.rows) await sql`drop trigger ${sql.ref(name)}`.execute(store.db)
}

const clear = (id: string) => ({
  id,
  modality: 'CT',
  scheduled_at: 1,
  updated_at: 1,
  source: 'file' as const,
})

const writeSealed = ({ store, protection, audit }: Gateway, id: string) =>
  store.transaction(async (trx) => {
    const sealed = protection.seal({ table: 'orders', column: 'sealed_order', row: id }, order)
    await trx
      .insertInto('orders')
      .values({
        ...clear(id),
        accession_index: protection.blindIndex('accession-number', id),
        patient_index: protection.blindIndex('patient-id', 'P0012345'),
        sealed_order: sealed,
      })
      .execute()
    await audit.append(trx, {
      action: 'order.imported',
      outcome: 'success',
      actor: { kind: 'cli', id: 'bench' },
      object: { kind: 'order', id },
      about: [{ kind: 'patient', id: 'P0012345' }],
    })
  })

const writePlain = ({ store }: Gateway, id: string) =>
  store.db.transaction().execute((trx) =>
    trx
      .insertInto('orders')
      .values({ ...clear(id), accession_index: id, patient_index: 'P0012345', sealed_order: order })
      .execute(),
  )

const row = ({ store }: Gateway, index: string) =>
  store.db.selectFrom('orders').selectAll().where('accession_index', '=', index).executeTakeFirstOrThrow()

async function readSealed(gateway: Gateway, id: string): Promise<unknown> {
  const { protection } = gateway
  const { sealed_order } = await row(gateway, protection.blindIndex('accession-number', id))
  return JSON.parse(protection.open({ table: 'orders', column: 'sealed_order', row: id }, sealed_order))
}

async function readPlain(gateway: Gateway, id: string): Promise<unknown> {
  return JSON.parse((await row(gateway, id)).sealed_order)
}
