import { createSecretKey, randomBytes } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { Kysely, SqliteDialect, sql } from 'kysely'
import { Migrator } from 'kysely/migration'
import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { dataDirectory, initialise } from '../../../src/server/data-directory/index.ts'
import { rotateKey } from '../../../src/server/keys/index.ts'
import { openFoundation } from '../../../src/server/open-foundation.ts'
import { protectionBy, readMasterKey, wrappingBy } from '../../../src/server/protection/index.ts'
import { initial } from '../../../src/server/store/migrations/0001-initial.ts'
import { identity } from '../../../src/server/store/migrations/0002-identity.ts'
import { criticalLoop } from '../../../src/server/store/migrations/0003-critical-loop.ts'
import { readingRoom } from '../../../src/server/store/migrations/0004-reading-room.ts'

const paths = dataDirectory(mkdtempSync(join(tmpdir(), 'vigil-upgrade-')))
const certificate = Buffer.from('DER of a certificate with 尉迟珍珠 in it').toString('base64')
const order = { table: 'orders', column: 'sealed_order', row: 'o1' }

/** A database as release 0004 left it: values `v1.`, the signer's certificate and a name in the clear. */
beforeAll(async () => {
  await initialise(paths.root, { clock: Date.now })
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
})
afterAll(() => rmSync(paths.root, { recursive: true, force: true }))

const open = () => openFoundation(paths, { clock: Date.now, log: pino({ level: 'silent' }) })
const certificatePlace = { table: 'report_versions', column: 'sealed_certificate', row: 'v' }

describe('a database of the release before', () => {
  it('is taken over: its values open, and what stood in the clear is sealed', async () => {
    for (const _ of ['first opening', 'second opening']) {
      const { store, protection } = await open()
      const row = await store.db.selectFrom('orders').select('sealed_order').executeTakeFirstOrThrow()
      expect(protection.open(order, row.sealed_order)).toBe('王建国')
      const version = await store.db.selectFrom('report_versions').selectAll().executeTakeFirstOrThrow()
      expect(version.sealed_certificate).toMatch(/^v2\.1\./)
      expect(protection.open(certificatePlace, version.sealed_certificate)).toBe(certificate)
      await expect(store.db.updateTable('report_versions').set({ version: 2 }).execute()).rejects.toThrow(
        'append-only',
      )
      await sql`pragma wal_checkpoint(truncate)`.execute(store.db)
      await store.close()
    }
    const bytes = readFileSync(paths.database)
    expect(bytes.includes(certificate.slice(0, 40))).toBe(false)
    expect(bytes.includes('赵静管理员')).toBe(false)
  })

  it('has its keys rotated like any other', async () => {
    const foundation = await open()
    await rotateKey(foundation, 'field', { actor: { kind: 'cli', id: 'test' }, graceMs: 0 })
    const { sealed_order } = await foundation.store.db
      .selectFrom('orders')
      .select('sealed_order')
      .executeTakeFirstOrThrow()
    expect(sealed_order).toMatch(/^v2\.2\./)
    expect(foundation.protection.open(order, sealed_order)).toBe('王建国')
    expect((await foundation.audit.verify()).faults).toEqual([])
    await foundation.store.close()
  })
})
