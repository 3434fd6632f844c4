import { execFileSync } from 'node:child_process'
import { statSync } from 'node:fs'
import Database from 'better-sqlite3'
import { createIntegrity } from '../../src/server/integrity/index.ts'
import { openTestFoundation } from '../server/foundation.ts'
import { type BenchRow, rowOf, type Samples } from './row.ts'

const orders = 8000
/** Characters of a sealed order: what one with its patient, clinical question and history has. */
const length = 1500
const rounds = 3

/** How fast everything stored is held against its seals, with the whole of one processor, against `sha256sum` of the same file. */
export async function benchScrub(): Promise<BenchRow[]> {
  const gateway = await openTestFoundation({ scrub: { mostLoad: 1 } })
  try {
    const { store, protection } = gateway
    const text = 'x'.repeat(length)
    for (let from = 0; from < orders; from += 500)
      await store.db.transaction().execute(async (trx) => {
        for (let n = from; n < from + 500; n += 1) {
          const id = `order-${n}`
          const sealed_order = protection.seal({ table: 'orders', column: 'sealed_order', row: id }, text)
          await trx
            .insertInto('orders')
            .values({
              id,
              accession_index: `a${n}`,
              study_index: `s${n}`,
              patient_index: `p${n}`,
              sealed_order,
              modality: 'CT',
              scheduled_at: n,
              exam_done_at: null,
              updated_at: n,
              source: 'feed',
              cancelled_at: null,
              sent_at: null,
              patient_sent_at: null,
            })
            .execute()
        }
      })
    const { scrub } = createIntegrity(gateway, {
      sources: [],
      copies: async () => [],
      structureFaults: async () => 0,
    })
    const file = `${gateway.dir}/whole.db`
    const database = new Database(`${gateway.dir}/vigil.db`)
    database.prepare('vacuum into ?').run(file)
    database.close()
    const megabytes = statSync(file).size / 1e6
    const samples: Samples = { ours: [], peer: [] }
    for (let round = 0; round < rounds; round += 1) {
      let began = performance.now()
      const run = await scrub.run()
      if (run.outcome !== 'clean') throw new Error(`scrub: ${run.outcome}`)
      samples.ours.push(run.bytes / 1e6 / ((performance.now() - began) / 1000))
      began = performance.now()
      execFileSync('sha256sum', [file])
      samples.peer.push(megabytes / ((performance.now() - began) / 1000))
    }
    return [
      rowOf(
        {
          name: 'scrub of the database',
          unit: 'MB/s',
          better: 'higher',
          peerName: 'sha256sum of the file',
          target: 'ours >= 20 MB/s',
        },
        samples,
      ),
    ]
  } finally {
    await gateway.close()
  }
}
