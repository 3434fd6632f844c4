import type { Foundation } from '../../../src/server/foundation.ts'
import { createSchemaCheck } from '../../../src/server/integrity/check-schema.ts'
import { checkTable, checkWhole, type Finding } from '../../../src/server/integrity/check-tables.ts'
import { sealsOfLastRecord } from '../../../src/server/integrity/row-seals.ts'
import type { TableSeal } from '../../../src/server/store/index.ts'

const schemaFindings = createSchemaCheck()

/** Everything that a look at the whole database finds, as `table.column/row: what`. */
export async function lookedAt({
  store,
  protection,
}: Pick<Foundation, 'store' | 'protection'>): Promise<string[]> {
  const findings: Finding[] = []
  const seals: TableSeal[] = []
  const last = await sealsOfLastRecord(store.db, protection)
  const snapshot = store.snapshot()
  try {
    findings.push(...(await schemaFindings(snapshot)))
    for (const table of store.seals.tables()) {
      const steps = checkTable(snapshot, protection, table)
      for (let step = steps.next(); ; step = steps.next()) {
        if (step.done) {
          seals.push(step.value)
          break
        }
        findings.push(...step.value.findings)
      }
    }
    findings.push(...checkWhole(snapshot, protection, seals, last))
  } finally {
    snapshot.close()
  }
  return findings.map(({ place, what }) => `${place.table}.${place.column}/${place.row}: ${what}`)
}
