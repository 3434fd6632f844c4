import { sql } from 'kysely'
import { z } from 'zod'
import { IntegrityError, type Protection } from '../protection/index.ts'
import type { Queries } from '../store/index.ts'
import { headPlace, headSetting } from './chain.ts'

/** The end of the chain, as the last append sealed it: it tells that rows were cut off after it. */
const Head = z.object({ seq: z.int().positive(), hash: z.string() })
export type Head = z.infer<typeof Head>

/** Rows that are never the first: an audited enrolment code, or an audited account, stands before each. */
const audited = ['workstations', 'account_certificates'] as const

/** What the settings say of the end: `absent` before the first row, `lost` where it was taken away, `unreadable` where changed. */
export type KnownHead = Head | 'absent' | 'lost' | 'unreadable'

export async function readHead(queries: Queries, protection: Protection): Promise<KnownHead> {
  const setting = await queries
    .selectFrom('settings')
    .select('value')
    .where('name', '=', headSetting)
    .executeTakeFirst()
  if (!setting) return (await hasWork(queries)) ? 'lost' : 'absent'
  try {
    return Head.parse(JSON.parse(protection.open(headPlace, setting.value)))
  } catch (error) {
    if (error instanceof IntegrityError) return 'unreadable'
    throw error
  }
}

export async function writeHead(queries: Queries, protection: Protection, head: Head): Promise<void> {
  const value = protection.seal(headPlace, JSON.stringify(head))
  await queries
    .insertInto('settings')
    .values({ name: headSetting, value })
    .onConflict((conflict) => conflict.column('name').doUpdateSet({ value }))
    .execute()
}

async function hasWork(queries: Queries): Promise<boolean> {
  for (const table of audited) {
    if (await queries.selectFrom(table).select(sql`1`.as('one')).limit(1).executeTakeFirst()) return true
  }
  return false
}

/** True where the sealed head names exactly the last row, or there is neither. */
export function isWhole(head: KnownHead, last: Head | undefined): boolean {
  if (head === 'absent') return last === undefined
  return typeof head === 'object' && head.seq === last?.seq && head.hash === last.hash
}
