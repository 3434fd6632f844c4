import { z } from 'zod'
import { Role } from '../../shared/access/index.ts'
import type { Foundation } from '../foundation.ts'
import type { Staff } from './audit-message.ts'

/** Names and roles of every account. */
export async function staffOf(
  { store }: Pick<Foundation, 'store'>,
  displayNames: () => Promise<ReadonlyMap<string, string>>,
): Promise<Staff> {
  const names = await displayNames()
  const rows = await store.db.selectFrom('accounts').select(['id', 'roles']).execute()
  return new Map(
    rows.map(({ id, roles }) => [
      id,
      { name: names.get(id) ?? '', roles: z.array(Role).catch([]).parse(JSON.parse(roles)) },
    ]),
  )
}
