import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { createBackups } from '../../../src/server/backup/index.ts'
import { dataDirectory, initialise } from '../../../src/server/data-directory/index.ts'
import { openFoundation } from '../../../src/server/open-foundation.ts'
import { readMasterKey } from '../../../src/server/protection/index.ts'

export const by = { kind: 'cli', id: 'test' } as const

/** A gateway's data directory as `vigil init` makes it, opened, with a clock that the test may move. */
export async function openGatewayDirectory(config: object = {}) {
  const root = await mkdtemp(join(tmpdir(), 'vigil-backup-'))
  const dir = join(root, 'data')
  const time = { now: Date.now() }
  const clock = () => time.now
  const configText = JSON.stringify({
    listen: { host: '127.0.0.1', apiPort: 0, enrolmentPort: 0 },
    ...config,
    backup: { leastFreeMiB: 0, ...('backup' in config ? (config.backup as object) : {}) },
  })
  await initialise(dir, { clock, configText })
  const paths = dataDirectory(dir)
  const foundation = await openFoundation(paths, { clock, log: pino({ level: 'silent' }) })
  const backups = createBackups(foundation, { paths })
  return {
    root,
    dir,
    paths,
    time,
    foundation,
    backups,
    /** What a restore is given beside the place. */
    keys: { clock, random: randomBytes, masterKey: () => readMasterKey(paths.masterKey) },
    /** Something that is lost or not. */
    async write(name: string, value = 'x'): Promise<void> {
      await foundation.store.transaction(async (trx) => {
        await trx.insertInto('settings').values({ name, value }).execute()
        await foundation.audit.append(trx, { action: 'test.written', outcome: 'success', actor: by })
      })
    },
    /** Random rows, so that the database is of a size. */
    async fill(mebibytes: number): Promise<void> {
      for (let i = 0; i < mebibytes * 4; i++)
        await foundation.store.db
          .insertInto('settings')
          .values({
            name: `filler-${randomBytes(6).toString('hex')}`,
            value: randomBytes(131_072).toString('hex'),
          })
          .execute()
    },
    async close(): Promise<void> {
      await backups.stop()
      await foundation.store.close()
      await rm(root, { recursive: true, force: true })
    },
  }
}
export type GatewayDirectory = Awaited<ReturnType<typeof openGatewayDirectory>>
