import { randomBytes } from 'node:crypto'
import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { directoryPlace, openPlace, type Place } from '../../../src/server/backup/index.ts'
import { GatewayConfig } from '../../../src/server/config/index.ts'
import { dataDirectory } from '../../../src/server/data-directory/index.ts'
import { openFoundation } from '../../../src/server/open-foundation.ts'
import { type S3Store, s3SkipReason, startS3 } from '../../s3/index.ts'
import { type SftpServer, sftpSkipReason, startSftp } from '../../sftp/index.ts'
import { openCuttingProxy } from './cutting-proxy.ts'
import { by, openGatewayDirectory } from './gateway-directory.ts'
import { vigilBackup } from './vigil-command.ts'

for (const [what, why] of [
  ['copies by SFTP', sftpSkipReason],
  ['copies to S3', s3SkipReason],
])
  if (why) console.log(`${what} not tested: ${why}`)

const cleanups: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

let sftp: SftpServer
let appendOnly: SftpServer
let s3: S3Store
beforeAll(async () => {
  const [one, second, other] = await Promise.all([
    sftpSkipReason ? null : startSftp(),
    sftpSkipReason ? null : startSftp({ denied: 'remove,rmdir,rename,posix-rename,setstat,fsetstat' }),
    s3SkipReason ? null : startS3(),
  ])
  if (one) sftp = one
  if (second) appendOnly = second
  if (other) s3 = other
})
afterAll(async () => {
  await Promise.all([sftp?.stop(), appendOnly?.stop(), s3?.stop()])
})

const sftpConfig = (more: object = {}) => ({
  name: 'second-site',
  kind: 'sftp',
  host: '127.0.0.1',
  port: sftp.port,
  username: sftp.username,
  keyFile: sftp.keyFile,
  hostKey: sftp.hostKey,
  directory: `${sftp.directory}/${randomBytes(4).toString('hex')}`,
  mostLagMinutes: 1,
  ...more,
})
const s3Config = (more: object = {}) => ({
  name: 'store',
  kind: 's3',
  endpoint: s3.endpoint,
  bucket: s3.bucket,
  prefix: `${randomBytes(4).toString('hex')}/`,
  accessKeyId: s3.accessKeyId,
  secretKeyFile: s3.secretKeyFile,
  ...more,
})

async function temporary(): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'vigil-off-site-'))
  cleanups.push(() => rm(dir, { recursive: true, force: true }))
  return dir
}

/** With `mebibytes` of data where it is to take its time, or several chunks. */
async function gatewayWith(offSite: object[], more: object = {}, mebibytes = 0.25) {
  const gateway = await openGatewayDirectory({ backup: { offSite, ...more } })
  cleanups.push(gateway.close)
  await gateway.fill(mebibytes)
  return gateway
}

const standing = async ({ foundation }: Awaited<ReturnType<typeof gatewayWith>>) =>
  (await foundation.store.db.selectFrom('alarms').selectAll().where('cleared_at', 'is', null).execute()).map(
    ({ kind, subject, facts }) => ({ kind, subject, code: JSON.parse(facts).code }),
  )

/** Sent, whole, restored from there on a machine that has nothing else. */
async function proves(config: object): Promise<void> {
  const gateway = await gatewayWith([config])
  const ids = [await gateway.backups.run('full', by)]
  await gateway.write('later')
  gateway.time.now += 1000
  ids.push(await gateway.backups.run('incremental', by))
  await gateway.backups.send()
  const { offSite, backups } = await gateway.backups.status()
  expect(offSite[0]).toMatchObject({ lagSeconds: 0, waitingBytes: 0, lastError: null })
  const [placeConfig] = gateway.foundation.config.backup.offSite
  if (!placeConfig) throw new Error('no place')
  expect(backups.map((row) => row.offSite)).toEqual([[placeConfig.name], [placeConfig.name]])

  // A machine that has a vigil.yaml and the master key, and nothing else.
  const machine = await temporary()
  const masterKey = join(machine, 'escrowed.key')
  await copyFile(gateway.paths.masterKey, masterKey)
  await rm(gateway.dir, { recursive: true })
  const configFile = join(machine, 'vigil.yaml')
  await writeFile(configFile, JSON.stringify({ backup: { offSite: [config] } }))
  const there = ['--config', configFile, '--from', placeConfig.name, '--master-key', masterKey]
  const listed = await vigilBackup('list', ...there)
  expect(listed).toMatchObject({ code: 0, said: expect.stringContaining('2 backups, 2 whole') })
  for (const [id, kind] of [
    [ids[0], 'full'],
    [ids[1], 'incremental'],
  ])
    expect(listed.said).toMatch(new RegExp(`${id} +${kind} +whole +up to `))
  expect(await vigilBackup('verify', ...there)).toMatchObject({
    code: 0,
    said: expect.stringContaining(`${ids[1]}: whole (`),
  })
  const restored = await vigilBackup('restore', ...there, '--to', join(machine, 'restored'))
  expect(restored).toMatchObject({ code: 0, said: expect.stringContaining(`from backup ${ids[1]} (`) })
  const foundation = await openFoundation(dataDirectory(join(machine, 'restored')), {
    clock: Date.now,
    log: pino({ level: 'silent' }),
  })
  const rows = await foundation.store.db.selectFrom('backups').select(['id', 'state']).execute()
  await foundation.store.close()
  // Not here, and no false alarm of backups that vanished.
  expect(rows).toEqual(ids.map((id) => ({ id, state: 'elsewhere' })))
}

/** An SFTP account that may add, and nothing else. */
function appendOnlySftp() {
  const { port, username, keyFile, hostKey, directory } = appendOnly
  return sftpConfig({ port, username, keyFile, hostKey, directory })
}

const keep = { days: 2, weeks: 0, months: 0 }
/** One that the policy lets go, and the one after it. @returns the id of that. */
async function oldAndNew(gateway: Awaited<ReturnType<typeof gatewayWith>>): Promise<string> {
  await gateway.backups.run('full', by)
  gateway.time.now += 3 * 86_400_000
  const kept = await gateway.backups.run('full', by)
  await gateway.backups.send()
  await gateway.backups.removeOld()
  expect((await gateway.backups.status()).offSite[0]).toMatchObject({ lastError: null })
  expect((await readdir(join(gateway.dir, 'backups'))).sort()).toEqual([kept])
  await gateway.backups.send()
  return kept
}

describe('copies of backups', () => {
  it.skipIf(sftpSkipReason)('go to an SFTP server and are restored from there', () => proves(sftpConfig()))
  it.skipIf(s3SkipReason)('go to an S3 store and are restored from there', () => proves(s3Config()))
  it('go to a directory and are restored from there', async () => {
    const path = join(await temporary(), 'other-disk')
    await mkdir(path)
    await proves({ name: 'other-disk', kind: 'directory', path })
  })

  it('are not made below a share that is not mounted', async () => {
    const gateway = await gatewayWith([
      { name: 'share', kind: 'directory', path: '/nonexistent/share', mostLagMinutes: 1 },
    ])
    await gateway.backups.run('full', by)
    gateway.time.now += 120_000
    await gateway.backups.send()
    expect((await gateway.backups.status()).offSite[0]).toMatchObject({
      lastError: 'unreachable',
      lagSeconds: 120,
    })
    expect(await standing(gateway)).toEqual([{ kind: 'off-site-lag', subject: 'share', code: 'unreachable' }])
  })

  it.skipIf(sftpSkipReason)(
    'go on where the line was cut, and the alarm stands until they are there',
    async () => {
      const proxy = await openCuttingProxy(sftp.port)
      cleanups.push(proxy.close)
      const config = sftpConfig({ port: proxy.port })
      const gateway = await gatewayWith([config], {}, 1)
      await gateway.backups.run('full', by)
      gateway.time.now += 90_000
      const total = (await gateway.backups.status()).backups[0]?.bytes ?? 0
      expect(total).toBeGreaterThan(500_000)
      for (let cuts = 0; cuts < 4; cuts++) {
        proxy.line.left = Math.round(total / 4)
        await gateway.backups.send()
        if (cuts === 0)
          expect(await standing(gateway)).toEqual([
            { kind: 'off-site-lag', subject: 'second-site', code: 'cut-off' },
          ])
      }
      proxy.line.left = Number.POSITIVE_INFINITY
      await gateway.backups.send()
      expect((await gateway.backups.status()).offSite[0]).toMatchObject({ lagSeconds: 0, lastError: null })
      expect(await standing(gateway)).toEqual([])
      // Each attempt went on: what crossed the line is far less than five times the whole (SSH's own bytes included).
      expect(proxy.line.passed).toBeLessThan(total * 1.6)
      const log = await gateway.foundation.store.db.selectFrom('backup_transfers').selectAll().execute()
      expect(log.filter(({ outcome }) => outcome === 'whole')).toHaveLength(1)
      expect(log.filter(({ error }) => error === 'cut-off').length).toBeGreaterThan(1)
    },
  )

  it.skipIf(s3SkipReason)('go on at the chunk where the line to a store was cut', async () => {
    const proxy = await openCuttingProxy(s3.port)
    cleanups.push(proxy.close)
    const gateway = await gatewayWith([s3Config({ endpoint: `http://127.0.0.1:${proxy.port}` })], {}, 1)
    await gateway.backups.run('full', by)
    const total = (await gateway.backups.status()).backups[0]?.bytes ?? 0
    proxy.line.left = Math.round(total * 0.8)
    await gateway.backups.send()
    expect((await gateway.backups.status()).offSite[0]?.lastError).toMatch(/cut-off|unreachable/)
    proxy.line.left = Number.POSITIVE_INFINITY
    await gateway.backups.send()
    expect((await gateway.backups.status()).offSite[0]).toMatchObject({ waitingBytes: 0, lastError: null })
    const log = await gateway.foundation.store.db.selectFrom('backup_transfers').selectAll().execute()
    const sentAtLast = log.find(({ outcome }) => outcome === 'whole')?.bytes ?? total
    expect(sentAtLast).toBeLessThan(total * 0.8)
  })

  it.skipIf(sftpSkipReason)('are given to no server that shows another host key', async () => {
    const gateway = await gatewayWith([sftpConfig({ hostKey: `SHA256:${'A'.repeat(43)}` })])
    await gateway.backups.run('full', by)
    await gateway.backups.send()
    expect((await gateway.backups.status()).offSite[0]?.lastError).toBe('host-key-wrong')
  })

  it.skipIf(sftpSkipReason)(
    'are refused where the server does not know the key, or others may read it',
    async () => {
      const keyFile = `${sftp.keyFile}.other`
      await writeFile(keyFile, await readFile(sftp.keyFile), { mode: 0o644 })
      cleanups.push(() => rm(keyFile))
      const gateway = await gatewayWith([
        sftpConfig({ keyFile }),
        sftpConfig({ name: 'stranger', keyFile: sftp.strangerKeyFile }),
      ])
      await gateway.backups.run('full', by)
      await gateway.backups.send()
      const errors = (await gateway.backups.status()).offSite.map(({ lastError }) => lastError)
      expect(errors).toEqual(['secret-unreadable', 'refused'])
    },
  )

  it.skipIf(s3SkipReason)('are refused by a store that has another secret', async () => {
    const secretKeyFile = join(await temporary(), 'other-secret')
    await writeFile(secretKeyFile, 'not-the-secret', { mode: 0o600 })
    const other = await gatewayWith([s3Config({ secretKeyFile })])
    await other.backups.run('full', by)
    await other.backups.send()
    expect((await other.backups.status()).offSite[0]?.lastError).toBe('refused')
  })

  it('that were damaged at the place are found and sent again', async () => {
    const path = join(await temporary(), 'disk')
    await mkdir(path)
    const gateway = await gatewayWith([{ name: 'disk', kind: 'directory', path }])
    const id = await gateway.backups.run('full', by)
    // As if an earlier attempt had left it so.
    const chunk = await readFile(join(gateway.dir, 'backups', id, '000000.chunk'))
    chunk[100] = (chunk[100] ?? 0) ^ 1
    await mkdir(join(path, id))
    await writeFile(join(path, id, '000000.chunk'), chunk)
    await gateway.backups.send()
    expect((await gateway.backups.status()).offSite[0]).toMatchObject({ lagSeconds: 0, lastError: null })
    expect(await readFile(join(path, id, '000000.chunk'))).toEqual(
      await readFile(join(gateway.dir, 'backups', id, '000000.chunk')),
    )
  })

  it('keep to the bandwidth', async () => {
    const path = join(await temporary(), 'disk')
    await mkdir(path)
    const gateway = await gatewayWith([{ name: 'slow', kind: 'directory', path, bandwidthKiB: 1024 }])
    await gateway.backups.run('full', by)
    const bytes = (await gateway.backups.status()).backups[0]?.bytes ?? 0
    const began = performance.now()
    await gateway.backups.send()
    const seconds = (performance.now() - began) / 1000
    expect(bytes / 1024 / seconds).toBeLessThan(1024 * 1.1)
  })

  it('go when the policy lets the backup go, here and there', async () => {
    const path = join(await temporary(), 'disk')
    await mkdir(path)
    const gateway = await gatewayWith([{ name: 'disk', kind: 'directory', path }], { keep })
    const kept = await oldAndNew(gateway)
    expect(await readdir(path)).toEqual([kept])
    expect((await gateway.backups.status()).offSite[0]).toMatchObject({ refusedRemovals: 0, lastError: null })
    const removals = await gateway.foundation.audit.tail(undefined, ['backup.removed'])
    expect(removals.map(({ outcome, detail }) => [outcome, detail.place])).toEqual([
      ['success', 'disk'],
      ['success', 'local'],
    ])
  })

  it('from before a restore go too when the policy lets them', async () => {
    const path = join(await temporary(), 'disk')
    await mkdir(path)
    const gateway = await gatewayWith([{ name: 'disk', kind: 'directory', path }], { keep })
    const left = await gateway.backups.run('full', by)
    await gateway.backups.send()
    await rm(join(gateway.dir, 'backups', left), { recursive: true })
    const { db } = gateway.foundation.store
    await db.updateTable('backups').set({ state: 'elsewhere' }).where('id', '=', left).execute()
    await gateway.backups.align()
    expect(await standing(gateway)).toEqual([])
    gateway.time.now += 3 * 86_400_000
    // With nothing to stand on, it is a full one.
    const kept = await gateway.backups.run('incremental', by)
    await gateway.backups.removeOld()
    await gateway.backups.send()
    expect(await readdir(path)).toEqual([kept])
  })

  it.each(['sftp', 's3'] as const)(
    'stay where the place lets nothing be removed, and no run fails of it: %s',
    async (kind) => {
      if ((kind === 'sftp' && sftpSkipReason) || (kind === 's3' && s3SkipReason)) return
      const config =
        kind === 'sftp' ? appendOnlySftp() : s3Config({ prefix: `locked-${randomBytes(4).toString('hex')}/` })
      const gateway = await gatewayWith([config], { keep })
      await oldAndNew(gateway)
      const { name } = gateway.foundation.config.backup.offSite[0] ?? { name: '' }
      const told = { refusedRemovals: 1, lastError: null, lagSeconds: 0 }
      expect((await gateway.backups.status()).offSite[0]).toMatchObject(told)
      expect(await standing(gateway)).toEqual([])
      expect((await vigilBackup('run', '--dir', gateway.dir)).said).toContain(
        'keeps 1 old ones that it does not let be removed',
      )
      // Asked again a day later, and not with every look.
      await gateway.backups.send()
      const refusals = () => gateway.foundation.audit.tail(undefined, ['backup.removed'])
      expect((await refusals()).map(({ outcome, detail }) => [outcome, detail.place])).toEqual([
        ['refused', name],
        ['success', 'local'],
      ])
      gateway.time.now += 86_400_000
      await gateway.backups.send()
      expect(await refusals()).toHaveLength(3)
    },
  )

  it.skipIf(sftpSkipReason)('that a place has wrong and does not give up hold up no other', async () => {
    const gateway = await gatewayWith([appendOnlySftp()])
    const id = await gateway.backups.run('full', by)
    const [placeConfig] = gateway.foundation.config.backup.offSite
    if (!placeConfig) throw new Error('no place')
    const place = openPlace(placeConfig, { clock: Date.now })
    cleanups.push(place.close)
    await place.put(`${id}/000000.chunk`, Buffer.alloc(100, 1))
    gateway.time.now += 1000
    await gateway.backups.run('incremental', by)
    gateway.time.now += 1000
    const next = await gateway.backups.run('full', by)
    gateway.time.now += 120_000
    await gateway.backups.send()
    const { backups, offSite } = await gateway.backups.status()
    expect(backups.map((row) => row.offSite.length)).toEqual([1, 0, 0])
    expect(backups[0]?.id).toBe(next)
    expect(offSite[0]).toMatchObject({ lastError: 'differs' })
    expect(await standing(gateway)).toEqual([
      { kind: 'off-site-lag', subject: 'second-site', code: 'differs' },
    ])
  })

  it.each(['sftp', 's3', 'directory'] as const)('are never written over: %s', async (kind) => {
    if ((kind === 'sftp' && sftpSkipReason) || (kind === 's3' && s3SkipReason)) return
    const path = join(await temporary(), 'disk')
    await mkdir(path)
    const config = {
      sftp: () => sftpConfig(),
      s3: () => s3Config(),
      directory: () => ({ name: 'd', kind, path }),
    }[kind]()
    const [placeConfig] = GatewayConfig.parse({ backup: { offSite: [config] } }).backup.offSite
    const place: Place = placeConfig ? openPlace(placeConfig, { clock: Date.now }) : directoryPlace('', '')
    cleanups.push(place.close)
    await place.put('a/b', Buffer.from('0123456789'))
    expect(await place.size('a/b')).toBe(10)
    await expect(place.put('a/b', Buffer.from('short'))).rejects.toThrow('exists')
    expect((await place.get('a/b')).toString()).toBe('0123456789')
    await expect(place.get('a/c')).rejects.toThrow('absent')
    expect(await place.size('a/c')).toBeNull()
    expect([await place.names(''), await place.names('a/')]).toEqual([['a'], ['b']])
    await place.remove('a/b')
    expect(await place.size('a/b')).toBeNull()
  })
})

it('a directory place is private', async () => {
  const path = join(await temporary(), 'disk')
  await mkdir(path)
  await directoryPlace('d', path).put('x/y', Buffer.from('z'))
  for (const entry of await readdir(path, { recursive: true }))
    expect((await stat(join(path, entry))).mode & 0o077).toBe(0)
})
