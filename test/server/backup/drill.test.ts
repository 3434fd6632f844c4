import { mkdir, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, describe, expect, it } from 'vitest'
import { createBackupWatch } from '../../../src/server/backup/index.ts'
import { by, type GatewayDirectory, openGatewayDirectory } from './gateway-directory.ts'

const cleanups: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

async function open(backup: object = {}): Promise<GatewayDirectory> {
  const gateway = await openGatewayDirectory({ backup })
  cleanups.push(gateway.close)
  return gateway
}
const standing = async ({ foundation }: GatewayDirectory) =>
  (await foundation.store.db.selectFrom('alarms').selectAll().where('cleared_at', 'is', null).execute())
    .map(({ kind, subject }) => `${kind}:${subject}`)
    .sort()
const hour = 3_600_000

describe('a drill', () => {
  it('restores the newest from off-site, times it, says what would be lost, and files the record', async () => {
    const path = join((await open()).root, 'site')
    await mkdir(path)
    const gateway = await open({ offSite: [{ name: 'site', kind: 'directory', path }] })
    const id = await gateway.backups.run('full', by)
    await gateway.backups.send()
    gateway.time.now += 2 * hour
    const drill = await gateway.backups.drill(by)
    expect(drill).toMatchObject({ outcome: 'passed', backupId: id, source: 'site', lossSeconds: 7200 })
    expect(drill.restoreSeconds).toBeGreaterThan(0)
    expect(drill.checks.map(({ name }) => name)).toEqual([
      'files',
      'database',
      'foreign-keys',
      'row-seals',
      'audit-chain',
    ])
    expect((await gateway.backups.status()).drills).toEqual([drill])
    expect(await readdir(join(gateway.dir, 'backups', 'drills'))).toEqual([`${drill.id}.sealed`])
    const work = await readdir(join(gateway.dir, 'backup-work'), { withFileTypes: true })
    expect(work.filter((entry) => entry.isDirectory())).toEqual([])
  })

  it('that fails is filed too, and raises the alarm until one passes', async () => {
    const gateway = await open()
    await gateway.backups.run('full', by)
    const chunks = join(gateway.dir, 'backups')
    await rm(join(chunks, (await readdir(chunks))[0] ?? '', '000000.chunk'))
    const drill = await gateway.backups.drill(by)
    expect(drill).toMatchObject({ outcome: 'failed', checks: [{ name: 'restore', passed: false }] })
    expect(await standing(gateway)).toEqual(['drill-failed:'])
    gateway.time.now += hour
    await gateway.backups.run('full', by)
    expect((await gateway.backups.drill(by)).outcome).toBe('passed')
    expect(await standing(gateway)).toEqual([])
  })
})

describe('the watch', () => {
  it('makes, sends, tries out and lets go what is due, by itself, and does what was missed once', async () => {
    const path = join((await open()).root, 'site')
    await mkdir(path)
    const gateway = await open({
      full: '0 1 * * *',
      incremental: '0 */2 * * *',
      drill: '0 3 * * 0',
      keep: { days: 2, weeks: 0, months: 0 },
      offSite: [{ name: 'site', kind: 'directory', path }],
    })
    gateway.time.now = new Date('2026-11-21T22:30').getTime()
    const watch = createBackupWatch(gateway.foundation, { backups: gateway.backups, everyMs: 5 })
    watch.start()
    cleanups.push(watch.stop)
    await sleep(100)
    expect((await gateway.backups.status()).backups).toEqual([])
    const made = async (count: number) => {
      for (const end = Date.now() + 15_000; Date.now() < end; await sleep(20)) {
        const { backups, running } = await gateway.backups.status()
        if (backups.length >= count && !running)
          return backups.map(({ kind, state }) => `${kind} ${state}`).reverse()
      }
      throw new Error('not made')
    }
    gateway.time.now = new Date('2026-11-22T01:00:01').getTime()
    expect(await made(1)).toEqual(['full good'])
    gateway.time.now = new Date('2026-11-22T07:30').getTime()
    expect(await made(2)).toEqual(['full good', 'incremental good'])
    for (
      const end = Date.now() + 15_000;
      (await gateway.backups.status()).drills.length === 0;
      await sleep(20)
    )
      if (Date.now() > end) throw new Error('no drill')
    expect((await gateway.backups.status()).drills[0]?.outcome).toBe('passed')
    await expect.poll(async () => (await readdir(path)).length, { timeout: 10_000 }).toBe(2)
    gateway.time.now = new Date('2026-11-26T01:00:01').getTime()
    await made(3)
    await expect.poll(async () => (await readdir(path)).length, { timeout: 10_000 }).toBe(1)
    expect((await gateway.backups.status()).backups.map(({ state }) => state)).toEqual([
      'good',
      'removed',
      'removed',
    ])
    // The clock was moved in the middle of a look: what that made overdue is cleared by the next.
    await expect.poll(() => standing(gateway), { timeout: 10_000 }).toEqual([])
  })

  it('raises the alarm where none can be made, and where they are overdue', async () => {
    const gateway = await open({ leastFreeMiB: 1_000_000_000 })
    const watch = createBackupWatch(gateway.foundation, { backups: gateway.backups, everyMs: 5 })
    watch.start()
    cleanups.push(watch.stop)
    await sleep(30)
    gateway.time.now += 16 * 24 * hour
    const expected = [
      'backup-failed:',
      'backup-overdue:full',
      'backup-overdue:incremental',
      'disk-full:backup',
      'drill-overdue:',
    ]
    for (const end = Date.now() + 10_000; (await standing(gateway)).length < expected.length; await sleep(20))
      if (Date.now() > end) break
    expect(await standing(gateway)).toEqual(expected)
    expect((await gateway.backups.status()).backups[0]).toMatchObject({ state: 'failed', error: 'disk-full' })
  })
})
