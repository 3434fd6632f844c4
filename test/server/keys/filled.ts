import type { Foundation } from '../../../src/server/foundation.ts'

/** Orders that need nothing but their key to be read. */
export async function fill({ store, protection }: Pick<Foundation, 'store' | 'protection'>, rows: number) {
  await store.db.transaction().execute(async (trx) => {
    for (let index = 0; index < rows; index += 1) {
      const id = `order-${index}`
      await trx
        .insertInto('orders')
        .values({
          id,
          accession_index: protection.blindIndex('accession-number', id),
          patient_index: protection.blindIndex('patient-id', id),
          sealed_order: protection.seal(orderPlace(id), textOf(index)),
          modality: 'CT',
          scheduled_at: index,
          updated_at: index,
          source: 'file',
        })
        .execute()
    }
  })
}

export const textOf = (index: number) => `王建国 ${index}`
export const orderPlace = (row: string) => ({ table: 'orders', column: 'sealed_order', row })

/** How many orders stand under each generation; each is opened and held against what it was. */
export async function generationsOf({ store, protection }: Pick<Foundation, 'store' | 'protection'>) {
  const counts: Record<string, number> = {}
  for (const { id, sealed_order } of await store.db.selectFrom('orders').selectAll().execute()) {
    const text = protection.open(orderPlace(id), sealed_order)
    if (text !== textOf(Number(id.slice(6)))) throw new Error(`${id} is not what it was`)
    const generation = sealed_order.split('.').slice(0, 2).join('.')
    counts[generation] = (counts[generation] ?? 0) + 1
  }
  return counts
}
