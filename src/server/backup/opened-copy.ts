import type { DrillRow } from '../../shared/api/backup.ts'
import { createAuditTrail } from '../audit/index.ts'
import { sealRows } from '../integrity/index.ts'
import { openProtection } from '../protection/index.ts'
import { openStore, openTableSeal, type Store, tableSealPlace, whole } from '../store/index.ts'
import { type KeySource, masterKeyFor } from './key-rows.ts'

export type Check = DrillRow['checks'][number]

/** Rows of each table that are read with their seals. */
const sampled = 1000

/** Opens a backup's restored database as the gateway does at its start. @throws MasterKeyNeeded */
export async function openCopy(id: string, file: string, keys: KeySource) {
  const store = await openStore(file)
  try {
    const { clock, random } = keys
    const masterKey = await masterKeyFor(id, store.db, keys)
    const protection = await openProtection({ db: store.db, clock, random, masterKey })
    await sealRows({ store, protection })
    return { store, protection, audit: createAuditTrail({ store, protection, clock }) }
  } catch (error) {
    await store.close()
    throw error
  }
}
export type OpenCopy = Awaited<ReturnType<typeof openCopy>>

/** What of a restored database its own keys prove: the seals of rows and tables, and the chain of the audit. */
export async function checkCopy(copy: OpenCopy): Promise<Check[]> {
  const checks: Check[] = []
  const { store, protection, audit } = copy
  const seals = await checkSeals(store, protection)
  checks.push({ name: 'row-seals', passed: seals.damaged === 0, figure: String(seals.rows) })
  const { rows, faults } = await audit.verify()
  const first = faults[0]
  checks.push({
    name: 'audit-chain',
    passed: faults.length === 0,
    figure: first ? `${first.seq}: ${first.fault}` : String(rows),
  })
  return checks
}

async function checkSeals(
  store: Store,
  protection: OpenCopy['protection'],
): Promise<{ rows: number; damaged: number }> {
  let rows = 0
  let damaged = 0
  for (const { name } of store.seals.tables()) {
    const table = name as 'settings'
    try {
      rows += (await whole(store.db).selectFrom(table).selectAll().limit(sampled).execute()).length
      const seal = await store.db
        .selectFrom('table_seals')
        .select('seal')
        .where('name', '=', name)
        .executeTakeFirstOrThrow()
      openTableSeal(protection, tableSealPlace(name).row, seal.seal)
    } catch {
      damaged += 1
    }
  }
  return { rows, damaged }
}
