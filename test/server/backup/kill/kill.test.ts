import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { randomInt } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { describe, expect, it, type TestContext } from 'vitest'
import { sftpSkipReason, startSftp } from '../../../sftp/index.ts'
import { openCuttingProxy } from '../cutting-proxy.ts'
import { by, openGatewayDirectory } from '../gateway-directory.ts'
import { startLiveSystem } from './live-system.ts'
import { expectEachRestores, expectWhole } from './whole.ts'

/** What a test opened, closed in the opposite order; each test has its own, since some run at the same time. */
function opened(onTestFinished: TestContext['onTestFinished']) {
  const cleanups: (() => Promise<unknown>)[] = []
  onTestFinished(async () => {
    for (const cleanup of cleanups.reverse()) await cleanup()
  })
  return cleanups
}

/** A small file system of a test's own needs root. */
const mountSkipReason =
  process.getuid?.() === 0 && existsSync('/usr/bin/mount') ? null : 'needs root to mount a small disk'
if (mountSkipReason) console.log(`backups on a full or read-only disk not tested: ${mountSkipReason}`)

async function openLive(cleanups: (() => Promise<unknown>)[], config: object = {}) {
  const gateway = await openGatewayDirectory(config)
  cleanups.push(gateway.close)
  Object.defineProperty(gateway.time, 'now', { get: Date.now })
  await gateway.fill(1)
  const live = startLiveSystem(gateway)
  cleanups.push(live.stop)
  return { gateway, live }
}

/** A hundred in all: so many by each of three lanes, the disk and the network. */
const kills = 14
const diskFaults = 36
const networkFaults = 22

describe('whatever happens in the middle of it, no backup counted as good is bad and the gateway goes on', () => {
  it.concurrent.for([1, 2, 3])('its process is killed (%i)', { timeout: 180_000 }, async (_, context) => {
    const { gateway, live } = await openLive(opened(context.onTestFinished))
    const began = performance.now()
    await gateway.backups.run('full', by)
    /** However fast the machine is at the moment. */
    const backupMs = performance.now() - began
    const made: string[] = []
    let restored = 0
    let next = load()
    const restoreTo = join(gateway.root, 'restored')
    for (let round = 1; round <= kills; round++) {
      const { child, said } = next
      await saying(next, 'loaded')
      child.stdin?.write(`${JSON.stringify({ dir: gateway.dir, restoreTo })}\n`)
      await saying(next, 'began')
      if (round < kills) next = load()
      await sleep(Math.random() * 3 * backupMs)
      await kill(child)
      for (const line of said) if (line.startsWith('made ')) made.push(line.slice(5))
      restored += said.filter((line) => line === 'restored').length
    }
    await live.stop()
    // A restore that was killed has left no directory of its name.
    for (const name of await readdir(gateway.root)) {
      if (!name.startsWith('restored-') || name.endsWith('.unfinished')) continue
      expect(existsSync(join(gateway.root, name, 'vigil.db'))).toBe(true)
    }
    const good = await expectWhole(gateway, live, made)
    console.log(
      `${kills} kills: ${made.length} backups said made, ${good} good, ${restored} restored; ` +
        `${live.committed.length} live writes, the longest ${Math.round(live.longestMs())} ms`,
    )
    expect(good).toBeGreaterThan(1)
  })

  it.skipIf(mountSkipReason)(
    'its disk is full, or becomes read-only',
    { timeout: 180_000, concurrent: true },
    async (context) => {
      const cleanups = opened(context.onTestFinished)
      const disk = await mkdtemp(join(tmpdir(), 'vigil-small-disk-'))
      const mounted = join(disk, 'small-disk')
      await mkdir(mounted)
      mount('-t', 'tmpfs', '-o', 'size=14m,mode=700', 'tmpfs', mounted)
      cleanups.push(async () => {
        spawnSync('/usr/bin/umount', ['-l', mounted])
        await rm(disk, { recursive: true, force: true })
      })
      const { gateway, live } = await openLive(cleanups, { backup: { directory: join(mounted, 'backups') } })
      const failed: string[] = []
      for (let faults = 0; faults < diskFaults; faults++) {
        const fill = faults % 2 === 0
        const trouble = (async () => {
          await sleep(randomInt(0, 250))
          if (fill)
            await writeFile(join(mounted, 'filler'), Buffer.alloc(14 * 1024 * 1024)).catch(() => undefined)
          else mount('-o', 'remount,ro', mounted)
        })()
        await gateway.backups
          .run(randomInt(0, 3) === 0 ? 'full' : 'incremental', by)
          .catch((error: unknown) => {
            failed.push(codeOf(error))
          })
        await trouble
        if (fill) await rm(join(mounted, 'filler'), { force: true })
        else mount('-o', 'remount,rw', mounted)
        if (faults % 6 < 5) continue
        await expectEachRestores(gateway)
        // Room for the next.
        await rm(join(mounted, 'backups'), { recursive: true })
        await gateway.foundation.store.db.deleteFrom('backups').execute()
      }
      await live.stop()
      const good = await expectWhole(gateway, live)
      console.log(
        `${diskFaults} faults of the disk: ${failed.length} backups given up, ${good} good at the end`,
      )
      expect(failed.length).toBeGreaterThan(3)
      expect(
        failed.filter((code) => !['disk-full', 'ENOSPC', 'EROFS', 'SQLITE_READONLY'].includes(code)),
      ).toEqual([])
    },
  )

  it.skipIf(sftpSkipReason)(
    'its network is lost',
    { timeout: 180_000, concurrent: true },
    async (context) => {
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
      const { gateway, live } = await openLive(cleanups, {
        backup: { offSite: [{ ...place, directory: `${directory}/a` }] },
      })
      let cut = 0
      for (let faults = 0; faults < networkFaults; faults++) {
        await gateway.backups.run(faults % 5 === 0 ? 'full' : 'incremental', by)
        proxy.line.left = randomInt(0, 200_000)
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
    },
  )
})

function mount(...args: string[]): void {
  const { status, stderr } = spawnSync('/usr/bin/mount', args)
  if (status !== 0) throw new Error(`mount: ${stderr}`)
}

const codeOf = (error: unknown): string => String((error as { code?: unknown }).code ?? error)

interface Loaded {
  child: ChildProcess
  said: string[]
}

function load(): Loaded {
  const script = fileURLToPath(new URL('backup-process.ts', import.meta.url))
  const child = spawn(process.execPath, [script], { stdio: ['pipe', 'pipe', 'inherit'] })
  const said: string[] = []
  child.stdin?.on('error', () => {})
  if (child.stdout) createInterface({ input: child.stdout }).on('line', (line) => said.push(line))
  return { child, said }
}

async function saying({ child, said }: Loaded, what: string): Promise<void> {
  for (const end = Date.now() + 60_000; !said.includes(what); await sleep(10)) {
    if (child.exitCode !== null) throw new Error(`the process ended by itself with ${child.exitCode}`)
    if (Date.now() > end) throw new Error(`the process did not say ${what}`)
  }
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) throw new Error(`the process ended by itself with ${child.exitCode}`)
  const gone = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGKILL')
  await gone
}
