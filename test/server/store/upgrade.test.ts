import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { dataDirectory } from '../../../src/server/data-directory/index.ts'
import { rotateKey } from '../../../src/server/keys/index.ts'
import { openFoundation } from '../../../src/server/open-foundation.ts'
import { certificate, makeRelease0004, order } from './release-0004.ts'

const paths = dataDirectory(mkdtempSync(join(tmpdir(), 'vigil-upgrade-')))

beforeAll(() => makeRelease0004(paths))
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
