import type { Foundation } from '../foundation.ts'

/** What people and workstations are called, by id: a record of ids alone tells an officer nothing. */
export interface Names {
  people(): Promise<Map<string, string>>
  workstations(): Promise<Map<string, string>>
}

export function createNames(
  { store }: Pick<Foundation, 'store'>,
  displayNames: () => Promise<Map<string, string>>,
): Names {
  return {
    people: displayNames,
    async workstations() {
      const rows = await store.db.selectFrom('workstations').select(['id', 'name']).execute()
      return new Map(rows.map(({ id, name }) => [id, name]))
    },
  }
}
