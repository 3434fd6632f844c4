import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { expect, it } from 'vitest'
import { dataDirectory } from '../../../src/server/data-directory/index.ts'
import { openFoundation } from '../../../src/server/open-foundation.ts'
import { makeRelease0004, order } from '../store/release-0004.ts'
import { vigilBackup } from './vigil-command.ts'

it('the first backup after an upgrade verifies, and restores what the release before wrote', async () => {
  const root = await mkdtemp(join(tmpdir(), 'vigil-backup-upgrade-'))
  try {
    const dir = join(root, 'data')
    // As that release knew it: not a word of backups.
    await makeRelease0004(dataDirectory(dir), JSON.stringify({ listen: { host: '127.0.0.1' } }))
    expect(await vigilBackup('run', '--dir', dir)).toMatchObject({
      code: 0,
      said: expect.stringMatching(/full +good/),
    })
    expect(await vigilBackup('verify', '--dir', dir)).toMatchObject({ code: 0 })
    const to = join(root, 'restored')
    const restored = await vigilBackup('restore', '--dir', dir, '--to', to)
    expect(restored).toMatchObject({ code: 0, said: expect.stringContaining('ok     row-seals') })
    const { store, protection, audit } = await openFoundation(dataDirectory(to), {
      clock: Date.now,
      log: pino({ level: 'silent' }),
    })
    const row = await store.db.selectFrom('orders').select('sealed_order').executeTakeFirstOrThrow()
    expect(protection.open(order, row.sealed_order)).toBe('王建国')
    expect((await audit.verify()).faults).toEqual([])
    await store.close()
  } finally {
    await rm(root, { recursive: true, force: true })
  }
})
