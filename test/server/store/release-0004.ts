import { createSecretKey, randomBytes } from 'node:crypto'
import Database from 'better-sqlite3'
import { Kysely, SqliteDialect } from 'kysely'
import { Migrator } from 'kysely/migration'
import { type DataDirectory, initialise } from '../../../src/server/data-directory/index.ts'
import { protectionBy, readMasterKey, wrappingBy } from '../../../src/server/protection/index.ts'
import { initial } from '../../../src/server/store/migrations/0001-initial.ts'
import { identity } from '../../../src/server/store/migrations/0002-identity.ts'
import { criticalLoop } from '../../../src/server/store/migrations/0003-critical-loop.ts'
import { readingRoom } from '../../../src/server/store/migrations/0004-reading-room.ts'

export const certificate = Buffer.from('DER of a certificate with 尉迟珍珠 in it').toString('base64')
export const order = { table: 'orders', column: 'sealed_order', row: 'o1' }

/** A data directory as release 0004 left it: values `v1.`, the signer's certificate and a name in the clear. */
export async function makeRelease0004(paths: DataDirectory, configText?: string): Promise<void> {
  await initialise(paths.root, { clock: Date.now, ...(configText === undefined ? {} : { configText }) })
  const database = new Database(paths.database)
  const db = new Kysely<Record<string, Record<string, unknown>>>({ dialect: new SqliteDialect({ database }) })
  const provider = {
    getMigrations: async () => ({
      '0001-initial': initial,
      '0002-identity': identity,
      '0003-critical-loop': criticalLoop,
      '0004-reading-room': readingRoom,
    }),
  }
  const { error } = await new Migrator({ db, provider }).migrateToLatest()
  if (error) throw error
  const wrapping = wrappingBy(await readMasterKey(paths.masterKey), randomBytes)
  const field = randomBytes(32)
  const key = createSecretKey(field)
  for (const name of ['field', 'index', 'audit']) {
    const wrapped = wrapping.wrap(name, 1, name === 'field' ? field : randomBytes(32))
    await db.insertInto('wrapped_keys').values({ name, wrapped, created_at: 1 }).execute()
  }
  const { seal } = protectionBy({ current: () => ({ generation: 1, key }), of: () => key }, randomBytes)
  const v1 = (place: typeof order, text: string) => seal(place, text).replace('v2.1.', 'v1.')
  const times = { created_at: 1, updated_at: 1 }
  await db
    .insertInto('orders')
    .values({
      ...{ id: 'o1', accession_index: 'a', patient_index: 'p', modality: 'CT', scheduled_at: 1 },
      ...{ updated_at: 1, source: 'file', sealed_order: v1(order, '王建国') },
    })
    .execute()
  await db
    .insertInto('accounts')
    .values({ id: 'w', login_index: 'l', sealed_login: '', sealed_name: '', roles: '[]', created_at: 1 })
    .execute()
  await db
    .insertInto('reports')
    .values({ id: 'r', study_index: 's', sealed_study: '', status: 'signed', ...times })
    .execute()
  await db
    .insertInto('report_versions')
    .values({
      ...{ id: 'v', report_id: 'r', version: 1, author_id: 'w', sealed_document: '', document_hash: '' },
      ...{ signature: '', algorithm: 'ECDSA-SHA256', certificate, signed_at: 1 },
    })
    .execute()
  await db
    .insertInto('quarantine')
    .values({
      ...{ id: 'q', feed: 'f', state: 'discarded', received_at: 1, bytes: 1, sealed_message: '' },
      ...{ settled_at: 1, settled_by: '赵静管理员', content_index: 'c' },
    })
    .execute()
  await db.destroy()
}
