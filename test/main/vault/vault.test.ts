import { execFile, execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { temporary } from '../temporary.ts'

const run = promisify(execFile)
const probe = join(import.meta.dirname, 'probe.ts')
const missing = existsSync('/usr/bin/gnome-keyring-daemon') && existsSync('/usr/bin/dbus-daemon')

/** Each step is a process of its own, as each start of the workstation is; none has a session bus to start with. */
async function step(dataDir: string, what: string): Promise<string> {
  const { DBUS_SESSION_BUS_ADDRESS: _bus, XDG_RUNTIME_DIR: _run, DISPLAY: _display, ...env } = process.env
  const { stdout } = await run(process.execPath, [probe, dataDir, what], { env, timeout: 20_000 })
  return stdout.trim()
}

describe.skipIf(!missing)('the credential vault on a machine without a desktop', () => {
  const dataDir = temporary('vault')
  const ec = [
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:P-256',
    '-nodes',
    '-days',
    '1',
    '-subj',
    '/CN=w1',
  ]
  const files = ['-keyout', join(dataDir, 'key.pem'), '-out', join(dataDir, 'certificate.pem')]
  execFileSync('openssl', ['req', '-x509', ...ec, ...files], { stdio: 'pipe' })

  it('starts a private Secret Service and keeps identity and draft key over restarts', async () => {
    const first = JSON.parse(await step(dataDir, 'write'))
    expect(first).toMatchObject({ kind: 'private', before: null })
    const second = JSON.parse(await step(dataDir, 'read'))
    expect(second.identity).toEqual(first.identity)
    expect(second.draftKey).toBe(first.draftKey)
    expect(Buffer.from(second.draftKey, 'base64')).toHaveLength(32)
  })

  it('keeps its files to the user, and the secrets out of them', () => {
    const keyring = join(dataDir, 'keyring')
    expect(statSync(keyring).mode & 0o077).toBe(0)
    expect(statSync(join(keyring, 'passphrase')).mode & 0o077).toBe(0)
    const stored = join(keyring, 'data', 'keyrings')
    const files = readdirSync(stored)
    expect(files).toContain('login.keyring')
    for (const file of files)
      expect(readFileSync(join(stored, file)).includes('-----BEGIN PRIVATE KEY')).toBe(false)
  })

  it('answers vault-unavailable where there is no service', async () => {
    expect(await step(temporary('no-vault'), 'without')).toBe('vault-unavailable')
  })

  it('leaves no daemon behind when the workstation is killed outright', async () => {
    const { pids } = JSON.parse(await step(dataDir, 'die').catch((error) => error.stdout))
    expect(pids.length).toBeGreaterThan(0)
    await expect.poll(() => pids.filter((pid: number) => isRunning(pid))).toEqual([])
  })
})

function isRunning(pid: number): boolean {
  return existsSync(`/proc/${pid}`) && !readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z ')
}
