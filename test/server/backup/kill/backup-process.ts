import { randomBytes, randomInt } from 'node:crypto'
import { flushCompileCache } from 'node:module'
import { createInterface } from 'node:readline'
import { pino } from 'pino'
import { createBackups, directoryPlace, restoreBackup } from '../../../../src/server/backup/index.ts'
import { dataDirectory } from '../../../../src/server/data-directory/index.ts'
import { openFoundation } from '../../../../src/server/open-foundation.ts'
import { readMasterKey } from '../../../../src/server/protection/index.ts'

/**
 * A process that is to be killed: makes backups, proves them and restores, one after another, on each of the data directories that
 * it is told of, beside the process that works on the same. It says each that it made.
 */
export interface Lane {
  dir: string
  restoreTo: string
}

const by = { kind: 'cli', id: 'test' } as const
const say = (line: string) => process.stdout.write(`${line}\n`)

async function work({ dir, restoreTo }: Lane): Promise<never> {
  const paths = dataDirectory(dir)
  const foundation = await openFoundation(paths, { clock: Date.now, log: pino({ level: 'silent' }) })
  const backups = createBackups(foundation, { paths })
  say('began')
  for (;;) {
    const choice = randomInt(0, 10)
    if (choice < 2) say(`made ${await backups.run('full', by)}`)
    else if (choice < 6) say(`made ${await backups.run('incremental', by)}`)
    else if (choice < 7) {
      const good = (await backups.status()).backups.filter(({ state }) => state === 'good')
      const one = good[randomInt(0, Math.max(1, good.length))]
      if (one) await backups.verify(one.id, by)
    } else {
      const place = directoryPlace('local', foundation.config.backup.directory)
      const masterKey = () => readMasterKey(paths.masterKey)
      const keys = { clock: Date.now, random: randomBytes, masterKey }
      await restoreBackup({ ...keys, place, to: `${restoreTo}-${randomBytes(4).toString('hex')}` })
      say('restored')
    }
  }
}

// It never ends by itself, which is when the cache would be written.
flushCompileCache()
say('loaded')
for await (const line of createInterface({ input: process.stdin }))
  await Promise.all((JSON.parse(line) as Lane[]).map(work))
