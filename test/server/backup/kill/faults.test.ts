import { spawn, spawnSync } from 'node:child_process'
import { randomInt } from 'node:crypto'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { sftpSkipReason, startSftp } from '../../../sftp/index.ts'
import { openCuttingProxy } from '../cutting-proxy.ts'
import { by } from '../gateway-directory.ts'
import { opened, openLive } from './open-live.ts'
import { expectEachRestores, expectWhole } from './whole.ts'

/** A small file system of a test's own needs root. */
const mountSkipReason =
  process.getuid?.() === 0 && existsSync('/usr/bin/mount') ? null : 'needs root to mount a small disk'
if (mountSkipReason) console.log(`backups on a full or read-only disk not tested: ${mountSkipReason}`)

/** With the kills (kill.test.ts) a hundred in all. */
const diskFaults = 36
const networkFaults = 22

describe('whatever happens in the middle of it, no backup counted as good is bad and the gateway goes on', () => {
  it('its disk is full, or becomes read-only', {
    timeout: 280_000,
    concurrent: true,
    skip: mountSkipReason !== null,
  }, async (context) => {
    const cleanups = opened(context.onTestFinished)
    const disk = await mkdtemp(join(tmpdir(), 'vigil-small-disk-'))
    const mounted = join(disk, 'small-disk')
    await mkdir(mounted)
    mount('-t', 'tmpfs', '-o', 'size=20m,mode=700', 'tmpfs', mounted)
    cleanups.push(async () => {
      spawnSync('/usr/bin/umount', ['-l', mounted])
      await rm(disk, { recursive: true, force: true })
    })
    const { gateway, live } = await openLive(cleanups, { backup: { directory: join(mounted, 'backups') } })
    /** What the last that was not hindered took: however fast the machine is at the moment. */
    let backupMs = 500
    const failed: string[] = []
    for (let faults = 0; faults < diskFaults; faults++) {
      const fill = faults % 2 === 0
      const trouble = (async () => {
        await sleep(Math.random() * Math.min(1500, backupMs))
        if (fill)
          await writeFile(join(mounted, 'filler'), Buffer.alloc(20 * 1024 * 1024)).catch(() => undefined)
        else await becomesReadOnly(mounted)
      })()
      const began = performance.now()
      try {
        await gateway.backups.run(randomInt(0, 3) === 0 ? 'full' : 'incremental', by)
        backupMs = performance.now() - began
      } catch (error) {
        failed.push(codeOf(error))
      }
      await trouble
      if (fill) await rm(join(mounted, 'filler'), { force: true })
      else mount('-o', 'remount,rw', mounted)
      if (faults % 6 < 5) continue
      await expectEachRestores(gateway, { onlyNewest: true })
      // Room for the next.
      await rm(join(mounted, 'backups'), { recursive: true })
      await gateway.foundation.store.db.deleteFrom('backups').execute()
    }
    await live.stop()
    const good = await expectWhole(gateway, live)
    console.log(
      `${diskFaults} faults of the disk: ${failed.length} backups given up, ${good} good at the end`,
    )
    expect(failed.length).toBeGreaterThan(0)
    expect(
      failed.filter((code) => !['disk-full', 'ENOSPC', 'EROFS', 'SQLITE_READONLY'].includes(code)),
    ).toEqual([])
  })

  it('its network is lost', {
    timeout: 280_000,
    concurrent: true,
    skip: sftpSkipReason !== null,
  }, async (context) => {
    const cleanups = opened(context.onTestFinished)
    const server = await startSftp()
    cleanups.push(server.stop)
    const proxy = await openCuttingProxy(server.port)
    cleanups.push(proxy.close)
    const { username, keyFile, hostKey, directory } = server
    const place = {
      name: 'site',
      kind: 'sftp',
      host: '127.0.0.1',
      port: proxy.port,
      username,
      keyFile,
      hostKey,
    }
    const { gateway, live } = await openLive(
      cleanups,
      { backup: { offSite: [{ ...place, directory: `${directory}/a` }] } },
      { mebibytes: 0.25 },
    )
    let cut = 0
    for (let faults = 0; faults < networkFaults; faults++) {
      // The line is lost while a new one is sent, and then while that is gone on with.
      if (faults % 2 === 0) await gateway.backups.run(faults % 6 === 0 ? 'full' : 'incremental', by)
      proxy.line.left = randomInt(0, 90_000)
      await gateway.backups.send()
      if ((await gateway.backups.status()).offSite[0]?.lastError) cut += 1
    }
    proxy.line.left = Number.POSITIVE_INFINITY
    await gateway.backups.send()
    const { offSite, backups } = await gateway.backups.status()
    expect(offSite[0]).toMatchObject({ lastError: null, waitingBytes: 0 })
    expect(backups.every((row) => row.offSite.includes('site'))).toBe(true)
    const drill = await gateway.backups.drill(by)
    expect(drill).toMatchObject({ outcome: 'passed', source: 'site' })
    await live.stop()
    console.log(`${networkFaults} times the network lost: ${cut} transfers cut off, all there at the end`)
    expect(cut).toBeGreaterThan(3)
  })
})

/** Refused while a file on it is open to be written: tried until none is, by a process of its own, so that nobody waits for it here. */
async function becomesReadOnly(mounted: string): Promise<void> {
  const script =
    'for _ in $(seq 2000); do /usr/bin/mount -o remount,ro "$0" && exit 0; sleep 0.02; done; exit 1'
  const [code] = await once(spawn('/bin/sh', ['-c', script, mounted], { stdio: 'ignore' }), 'exit')
  if (code !== 0) throw new Error('the disk did not become read-only')
}

function mount(...args: string[]): void {
  const { status, stderr } = spawnSync('/usr/bin/mount', args)
  if (status !== 0) throw new Error(`mount: ${stderr}`)
}

const codeOf = (error: unknown): string => String((error as { code?: unknown }).code ?? error)
