import { spawnSync } from 'node:child_process'
import { copyFile, mkdir, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, describe, expect, it } from 'vitest'
import { projectRoot } from '../../../demo/places.ts'
import { startGateway } from '../gateway-harness.ts'
import { vigilBackup } from './vigil-command.ts'

/** The whole of it, as IT does it: a gateway at work is backed up, its machine is lost, another takes its place. */
const cleanups: (() => Promise<unknown>)[] = []
afterAll(async () => {
  for (const cleanup of cleanups.reverse()) await cleanup()
})

/** As IT gives it: a process of its own. The others are given in this one, which is some seconds cheaper each. */
function vigil(...args: string[]) {
  const run = spawnSync(process.execPath, ['src/server/cli/vigil.ts', 'backup', ...args], {
    cwd: projectRoot,
    encoding: 'utf8',
  })
  return { code: run.status, said: `${run.stdout}${run.stderr}` }
}

describe('vigil backup', () => {
  it('brings a gateway back on a new machine, and its workstations and people work with it', async () => {
    const root = await mkdtemp(join(tmpdir(), 'vigil-new-machine-'))
    cleanups.push(() => rm(root, { recursive: true, force: true }))
    const site = join(root, 'second-site')
    await mkdir(site)
    const config = {
      backup: { leastFreeMiB: 0, offSite: [{ name: 'second-site', kind: 'directory', path: site }] },
    }
    const gateway = await startGateway({ config })
    cleanups.push(() => rm(gateway.dir, { recursive: true, force: true }))
    const desk = await gateway.workstation('CT-1')
    const wang = await gateway.person('wang')
    const officer = await gateway.person('zhao', { roles: ['system-administrator'] })

    // Beside the running gateway.
    expect(vigil('run', '--full', '--dir', gateway.dir)).toMatchObject({
      code: 0,
      said: expect.stringMatching(/full\s+good/),
    })
    const late = await gateway.person('late')
    const run = await vigilBackup('run', '--dir', gateway.dir)
    expect(run).toMatchObject({ code: 0, said: expect.stringMatching(/incremental\s+good/) })
    expect(run.said).toContain('second-site (directory): has everything')
    const listed = await vigilBackup('list', '--dir', gateway.dir)
    expect(listed.said.match(/also at second-site/g)).toHaveLength(2)
    expect(await vigilBackup('verify', '--dir', gateway.dir)).toMatchObject({
      code: 0,
      said: expect.stringContaining(': whole'),
    })

    const there = await vigilBackup('verify', '--dir', gateway.dir, '--from', 'second-site')
    expect(there).toMatchObject({ code: 0, said: expect.stringContaining(': whole') })

    // The officers' routes show the same, and run it.
    const session = await gateway.session(desk, officer)
    const status = await session.channel.call('backupStatus')
    expect(status.status).toBe(200)
    expect(status.body.backups).toHaveLength(2)
    expect((await session.channel.call('runDrill')).status).toBe(200)
    for (const end = Date.now() + 20_000; Date.now() < end; ) {
      const { body } = await session.channel.call('backupStatus')
      if (body.drills.length > 0) break
      await sleep(50)
    }
    const drills = await vigilBackup('drill', '--list', '--dir', gateway.dir)
    expect(drills.said).toMatch(
      /PASSED {2}backup \S+ from second-site: restored in [\d.]+ s \(RTO\), would have lost \d+ s \(RPO\)/,
    )
    expect((await session.channel.call('runBackup', { body: { kind: 'incremental' } })).status).toBe(200)

    // The machine is lost but for the copies and the master key that was kept apart.
    await gateway.stop()
    await copyFile(join(gateway.dir, 'master.key'), join(root, 'escrowed.key'))
    const { hospital } = gateway
    await rm(gateway.dir, { recursive: true })

    const to = join(root, 'new-machine')
    const restored = await vigilBackup(
      'restore',
      '--source',
      site,
      '--master-key',
      join(root, 'escrowed.key'),
      '--to',
      to,
    )
    expect(restored).toMatchObject({ code: 0, said: expect.stringContaining('Restored up to') })
    for (const check of ['files', 'database', 'foreign-keys', 'row-seals', 'audit-chain'])
      expect(restored.said).toContain(`ok     ${check}: `)
    expect((await readdir(root)).sort()).toEqual(['escrowed.key', 'new-machine', 'second-site'])
    const anew = await startGateway({ resume: { dir: to, hospital } })
    cleanups.push(anew.stop)
    for (const person of [wang, late]) {
      const back = await anew.session(desk, person)
      expect((await back.channel.call('worklist', { body: { filter: {} } })).status).toBe(200)
      expect((await back.report(1)).status).toBe(200)
    }
    const { faults } = await anew.foundation.audit.verify()
    expect(faults).toEqual([])
    const tail = await anew.foundation.audit.tail(undefined, ['backup.restored'])
    expect(tail[0]?.detail).toMatchObject({ failed: [] })
  }, 90_000)

  it('refuses what it cannot do, and says why', async () => {
    const root = await mkdtemp(join(tmpdir(), 'vigil-new-machine-'))
    cleanups.push(() => rm(root, { recursive: true, force: true }))
    const to = join(root, 'to')
    for (const [args, why] of [
      [['--source', root], '--master-key'],
      [['--source', root, '--at', 'yesterday'], 'not a time'],
    ] as const)
      expect(await vigilBackup('restore', '--to', to, ...args)).toMatchObject({
        code: 1,
        said: expect.stringContaining(why),
      })
  })
})
