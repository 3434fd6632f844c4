import type { Foundation } from '../foundation.ts'

/** What people and workstations are called, by id: a record of ids alone tells an officer nothing. */
export interface Names {
  people(): Promise<Map<string, string>>
  workstations(): Promise<Map<string, string>>
  /** Whose each of these sessions was or is. */
  sessions(ids: readonly string[]): Promise<Map<string, string>>
  /** Whose each of these certificates (fingerprints) is. */
  certificates(fingerprints: readonly string[]): Promise<Map<string, string>>
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
    async sessions(ids) {
      if (ids.length === 0) return new Map()
      const rows = await store.db
        .selectFrom('sessions')
        .select(['id', 'account_id'])
        .where('id', 'in', ids)
        .execute()
      const people = await displayNames()
      return new Map(rows.map((row) => [row.id, people.get(row.account_id) ?? '']))
    },
    async certificates(fingerprints) {
      if (fingerprints.length === 0) return new Map()
      const rows = await store.db
        .selectFrom('account_certificates')
        .select(['fingerprint', 'account_id'])
        .where('fingerprint', 'in', fingerprints)
        .execute()
      const people = await displayNames()
      return new Map(rows.map((row) => [row.fingerprint, people.get(row.account_id) ?? '']))
    },
  }
}
