import type { AuditRow } from '../../shared/audit/index.ts'
import { coverage } from '../audit/index.ts'
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

/** The records with the names of who did what to whom where. */
export async function withNames(names: Names, rows: readonly AuditRow[]): Promise<AuditRow[]> {
  const workstations = await names.workstations()
  const ofKind = (kind: string) =>
    rows.map(({ object }) => partsOf(object)).flatMap(([own, id]) => (own === kind ? [id] : []))
  const known: Record<string, Map<string, string>> = {
    account: await names.people(),
    workstation: workstations,
    session: await names.sessions(ofKind('session')),
    certificate: await names.certificates(ofKind('certificate')),
    route: actsOfRoutes,
  }
  const nameOf = (reference: string) => {
    const [kind, id] = partsOf(reference)
    return known[kind]?.get(id)
  }
  return rows.map((row) => {
    const [actorName, objectName] = [nameOf(row.actor), nameOf(row.object)]
    const workstationName = row.workstation && workstations.get(row.workstation)
    return {
      ...row,
      ...(actorName ? { actorName } : {}),
      ...(objectName ? { objectName } : {}),
      ...(workstationName ? { workstationName } : {}),
    }
  })
}

/** The act that each route is asked for: what was refused is told by it. */
const actsOfRoutes = new Map(
  Object.entries(coverage).flatMap(([route, one]) => {
    const action = one.kind === 'access' ? one.action : one.kind === 'changes' ? one.actions[0] : undefined
    return action === undefined ? [] : [[route, action] as const]
  }),
)

/** `account:1234` → kind and id. */
function partsOf(reference: string): [string, string] {
  const at = reference.indexOf(':')
  return at < 0 ? [reference, ''] : [reference.slice(0, at), reference.slice(at + 1)]
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
