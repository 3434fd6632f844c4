import { spawnSync } from 'node:child_process'
import { appendFileSync, chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { stringify } from 'yaml'
import { createHospitalCa, type HospitalCa } from '../../../demo/hospital-ca.ts'
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
      said: expect.stringMatching(/record 1: changed[\s\S]*BROKEN/),
    })
  })

  it('makes one bootstrap administrator by the command line, with a key that can sign in, and nobody else', async () => {
    const hospital = await createHospitalCa({ commonName: 'Hospital CA', now: Date.now() })
    const stranger = await createHospitalCa({ commonName: 'Another CA', now: Date.now() })
    writeFileSync(file('hospital-ca.pem'), hospital.certificatePem)
    appendFileSync(file('vigil.yaml'), 'identity: { userCaFiles: [hospital-ca.pem] }\n')
    const certificate = async (ca: HospitalCa, more: { notAfter?: number } = {}) => {
      const key = await ca.issue({ commonName: '陈刚', keyType: 'P-256', ...more })
      writeFileSync(file('key.pem'), key.certificatePem)
    }
    const bootstrap = (login: string) =>
      vigil(
        'account',
        'bootstrap',
        '--dir',
        dir,
        '--login',
        login,
        '--name',
        '陈刚',
        '--certificate',
        file('key.pem'),
      )

    writeFileSync(file('key.pem'), 'nonsense')
    expect(bootstrap('chen.gang')).toMatchObject({ code: 1, said: expect.stringContaining('key.pem') })
    await certificate(stranger)
    expect(bootstrap('chen.gang')).toMatchObject({ code: 1, said: expect.stringContaining('userCaFiles') })
    await certificate(hospital, { notAfter: Date.now() - 1000 })
    expect(bootstrap('chen.gang')).toMatchObject({ code: 1, said: expect.stringContaining('expired') })
    await certificate(hospital)
    expect(bootstrap('chen gang')).toMatchObject({ code: 1, said: expect.stringContaining('loginName') })
    expect(bootstrap('chen.gang')).toMatchObject({ code: 0 })
    await certificate(hospital)
    expect(bootstrap('chen.gang.2')).toMatchObject({ code: 1, said: expect.stringContaining('already') })

    for (const gone of ['add', 'bind']) {
      const run = vigil('account', gone, 'li.wei', '--dir', dir, '--name', '李伟', '--role', 'radiologist')
      expect(run).toMatchObject({ code: 1, said: expect.stringContaining('unknown command') })
    }
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
