import { spawnSync } from 'node:child_process'
import { appendFileSync, chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { stringify } from 'yaml'
import { projectRoot } from '../../../demo/places.ts'
import { freePorts, isListening } from '../../../demo/ports.ts'
import { type Running, startGateway } from '../../../demo/processes.ts'

/** The gateway as IT runs it: the command line, its files and its process. */
function vigil(...args: string[]) {
  const run = spawnSync(process.execPath, ['src/server/cli/vigil.ts', ...args], {
    cwd: projectRoot,
    encoding: 'utf8',
  })
  return { code: run.status, said: `${run.stdout}${run.stderr}` }
}

describe('vigil init and serve', () => {
  let dir: string
  let enrolmentPort: number
  let apiPort: number
  let gateway: Running | undefined
  const file = (name: string) => join(dir, name)

  beforeEach(async () => {
    dir = mkdtempSync(join(tmpdir(), 'vigil-cli-'))
    ;[apiPort, enrolmentPort] = (await freePorts(2)) as [number, number]
    writeFileSync(file('vigil.yaml'), stringify({ listen: { apiPort, enrolmentPort } }))
    expect(vigil('init', '--dir', dir)).toMatchObject({ code: 0 })
  })
  afterEach(async () => {
    await gateway?.stop()
    gateway = undefined
    rmSync(dir, { recursive: true })
  })

  it('refuses to initialise twice, and touches nothing', () => {
    const key = readFileSync(file('master.key'))
    expect(vigil('init', '--dir', dir)).toMatchObject({
      code: 1,
      said: expect.stringContaining('already initialised'),
    })
    expect(readFileSync(file('master.key'))).toEqual(key)
  })

  it('serves, refuses a second instance, drains and stops on SIGTERM', async () => {
    gateway = await startGateway(dir)
    expect(await isListening(apiPort)).toBe(true)
    expect(vigil('serve', '--dir', dir)).toMatchObject({
      code: 1,
      said: expect.stringContaining('another gateway is running'),
    })
    gateway.process.kill('SIGTERM')
    expect(await gateway.ended).toBe(0)
    expect(vigil('audit', 'verify', '--dir', dir)).toMatchObject({
      code: 0,
      said: expect.stringContaining('chain whole'),
    })
  })

  it('starts again after a kill: the lock went with the process', async () => {
    gateway = await startGateway(dir)
    gateway.process.kill('SIGKILL')
    await gateway.ended
    gateway = await startGateway(dir)
    expect(await isListening(apiPort)).toBe(true)
  })

  it('opens the enrolment listener for a code, beside the running gateway, and only then', async () => {
    gateway = await startGateway(dir)
    expect(await isListening(enrolmentPort)).toBe(false)
    const { said } = vigil('workstation', 'enrol-code', '--dir', dir)
    expect(said).toMatch(new RegExp(`^localhost:${enrolmentPort}/[0-9A-Z]{26}/[\\w-]{43}\\n$`))
    await expect.poll(() => isListening(enrolmentPort), { timeout: 5000 }).toBe(true)
  })

  it.each([
    ['an unknown key', () => appendFileSync(file('vigil.yaml'), 'lissten: 1\n'), 'lissten: unknown key'],
    [
      'a master key that others may read',
      () => chmodSync(file('master.key'), 0o644),
      'master.key: mode 0644',
    ],
    [
      'a CA key that others may read',
      () => chmodSync(file('pki/session-ca.key'), 0o640),
      'session-ca.key: mode 0640',
    ],
    [
      'another master key',
      () => writeFileSync(file('master.key'), Buffer.alloc(32, 7).toString('base64')),
      'master.key',
    ],
    ['no gateway id', () => rmSync(file('gateway-id')), 'gateway-id'],
    [
      'no user CA file',
      () => appendFileSync(file('vigil.yaml'), 'identity: { userCaFiles: [absent.pem] }\n'),
      'absent.pem',
    ],
  ])('does not start with %s, and names it', async (_, damage, expected) => {
    // The database must exist for a wrong master key to show.
    vigil('audit', 'verify', '--dir', dir)
    damage()
    expect(vigil('serve', '--dir', dir)).toMatchObject({ code: 1, said: expect.stringContaining(expected) })
  })

  it('tells a broken audit chain by its exit code', async () => {
    vigil('workstation', 'enrol-code', '--dir', dir)
    vigil('workstation', 'enrol-code', '--dir', dir)
    const { default: Database } = await import('better-sqlite3')
    const database = new Database(file('vigil.db'))
    database.exec("drop trigger audit_no_update; update audit set outcome = 'failed' where seq = 1")
    database.close()
    expect(vigil('audit', 'verify', '--dir', dir)).toMatchObject({
      code: 1,
      said: expect.stringMatching(/row 1: changed[\s\S]*BROKEN/),
    })
  })

  it('adds people by the command line, and refuses what is wrong by name', () => {
    const add = (...args: string[]) => vigil('account', 'add', ...args, '--dir', dir)
    expect(add('li.wei', '--name', '李伟', '--role', 'radiologist')).toMatchObject({ code: 0 })
    expect(add('li.wei', '--name', '李伟', '--role', 'radiologist')).toMatchObject({ code: 1 })
    expect(add('x.y', '--name', '某', '--role', 'surgeon')).toMatchObject({
      code: 1,
      said: expect.stringContaining('surgeon'),
    })
  })
})

describe('vigil critical scan', () => {
  it('grades line by line, names a wrong line, and goes on', () => {
    const input = [
      '{"id":"a","text":"未见气胸。"}',
      'nonsense',
      '{"id":"b","text":"no evidence of X, but Y","terms":["Y"]}',
    ]
    const run = spawnSync(process.execPath, ['src/server/cli/vigil.ts', 'critical', 'scan', '--jsonl'], {
      cwd: projectRoot,
      input: input.join('\n'),
      encoding: 'utf8',
    })
    const lines = run.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(lines[0]).toMatchObject({
      id: 'a',
      findings: [{ start: 2, end: 4, text: '气胸', grade: 'negated' }],
    })
    expect(lines[1]).toMatchObject({ id: 'b', findings: [{ text: 'Y', grade: 'positive' }] })
    expect(run.stderr).toContain('line 2')
    expect(run.status).toBe(1)
  })
})
