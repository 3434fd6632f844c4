import { createHash } from 'node:crypto'
import { CompiledQuery } from 'kysely'
import { openTestFoundation } from '../server/foundation.ts'
import { type BenchRow, rowOf, type Samples } from './row.ts'

const records = 10_000
/** Records made in one transaction while the trail is built. */
const together = 500
const rounds = 3
const appends = 300

/**
 * How fast the trail is proven (chain, seals of its details, look-up index), against reading the same rows and putting plain SHA-256
 * over each; and what one record by itself costs, against one plain row committed with the same durability.
 */
export async function benchAudit(): Promise<BenchRow[]> {
  const gateway = await openTestFoundation()
  try {
    await gateway.store.db.executeQuery(
      CompiledQuery.raw('create table plain (id integer primary key, text text)'),
    )
    for (let made = 0; made < records; made += together)
      await gateway.store.transaction(async (trx) => {
        for (let n = made; n < made + together; n += 1) await gateway.audit.append(trx, entry(n))
      })
    const verified: Samples = { ours: [], peer: [] }
    for (let round = 0; round < rounds; round += 1) {
      verified.ours.push(await perSecond(async () => (await gateway.audit.verify()).rows))
      verified.peer.push(await perSecond(() => hashAll(gateway)))
    }
    const appended: Samples = { ours: [], peer: [] }
    for (let n = 0; n < appends; n += 1) {
      appended.ours.push(await micros(() => gateway.audit.record(entry(n))))
      appended.peer.push(
        await micros(() =>
          gateway.store.transaction((trx) =>
            trx.executeQuery(
              CompiledQuery.raw('insert into plain (text) values (?)', [JSON.stringify(entry(n))]),
            ),
          ),
        ),
      )
    }
    return [
      rowOf(
        {
          name: 'audit: records proven',
          unit: '/s',
          better: 'higher',
          peerName: 'plain SHA-256 of the same rows',
          target: 'ours >= 5000/s',
        },
        verified,
      ),
      rowOf(
        {
          name: 'audit: one record',
          unit: 'µs',
          better: 'lower',
          peerName: 'one plain row, committed',
          target: 'ours < 3000 µs',
        },
        appended,
      ),
    ]
  } finally {
    await gateway.close()
  }
}

const entry = (n: number) =>
  ({
    action: 'study.opened',
    outcome: 'success',
    actor: {
      kind: 'account',
      id: `account-${n % 40}`,
      workstationId: `workstation-${n % 12}`,
      sessionId: `session-${n % 80}`,
      address: '10.0.0.17',
    },
    object: { kind: 'study', id: `1.2.840.113619.2.${n % 900}` },
    about: [
      { kind: 'patient', id: `P${n % 700}` },
      { kind: 'order', id: `A${n % 900}` },
    ],
  }) as const

async function hashAll({ store }: Awaited<ReturnType<typeof openTestFoundation>>): Promise<number> {
  let rows = 0
  for (let after = 0; ; ) {
    const part = await store.db
      .selectFrom('audit')
      .selectAll()
      .where('seq', '>', after)
      .orderBy('seq')
      .limit(1000)
      .execute()
    for (const row of part) createHash('sha256').update(JSON.stringify(row)).digest()
    if (part.length === 0) return rows
    rows += part.length
    after = part.at(-1)?.seq ?? after
  }
}

async function perSecond(work: () => Promise<number>): Promise<number> {
  const began = performance.now()
  const count = await work()
  return (count * 1000) / (performance.now() - began)
}

async function micros(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now()
  await work()
  return (performance.now() - began) * 1000
}
