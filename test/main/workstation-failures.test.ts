import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { steadyClock } from '../../src/main/lock/index.ts'
import { openLog } from '../../src/main/log.ts'
import { forkHost } from '../../src/main/tokens/index.ts'
import { createWorkstation, type Workstation } from '../../src/main/workstation.ts'
import { startGateway, type TestGateway } from '../server/gateway-harness.ts'
import { recordingShell } from './recording-shell.ts'
import { temporary } from './temporary.ts'
import { makeSoftHsm, type SoftHsm, softHsmMissing } from './tokens/softhsm.ts'

/** A gateway that goes away, ends the session or no longer knows the workstation; a person with a PKCS#11 token. */

const pin = '654321'
const closing: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close()
  delete process.env.SOFTHSM2_CONF
})

async function signedIn(keyType: 'RSA-2048' | 'P-384') {
  const gateway = await startGateway()
  let stopped = false
  const stopGateway = async () => {
    if (!stopped) await gateway.close()
    stopped = true
  }
  closing.push(stopGateway)
  const hsm = makeSoftHsm()
  process.env.SOFTHSM2_CONF = hsm.conf
  await token(gateway, hsm, keyType)
  const shell = recordingShell()
  const dataDir = temporary('workstation')
  const entries = new Map<string, string>()
  const workstation: Workstation = await createWorkstation({
    config: {
      dataDir,
      name: '阅片室二',
      demo: true,
      vaultService: 'Vigil test',
      tokens: { pkcs11Policy: hsm.policyFile, mediaDirectories: [], scanMounts: false },
    },
    shell,
    vault: {
      read: async (name) => entries.get(name) ?? null,
      write: async (name, secret) => void entries.set(name, secret),
      remove: async (name) => void entries.delete(name),
    },
    log: openLog(dataDir),
    clock: Date.now,
    steady: steadyClock,
    random: randomBytes,
    spawnHost: () => forkHost(),
    rendererDir: dataDir,
    version: '0.0.0',
    probeEveryMs: 200,
  })
  closing.push(() => workstation.close())
  await workstation.start()
  const ask = (channel: string, args?: unknown) => shell.services().invoke(channel, args)
  const { code } = await gateway.codes.create({ kind: 'cli', id: 'test' })
  await gateway.enrolment.refresh()
  const ticket = `127.0.0.1:${gateway.enrolment.port()}/${code}/${gateway.authorities.gatewayPin}`
  expect(await ask('workstation.enrol', { ticket, name: '阅片室二' })).toMatchObject({ ok: true })
  const listed = (await ask('tokens.list')) as { value: { id: string; certificates: { id: string }[] }[] }
  const [present] = listed.value
  const choice = { tokenId: present?.id ?? '', certificateId: present?.certificates[0]?.id ?? '', pin }
  expect(await ask('session.sign-in', { ...choice, takeOver: false })).toEqual({ ok: true, value: {} })
  return { gateway, hsm, shell, ask, choice, stopGateway }
}

/** The person's key, issued by the hospital's CA, on a SoftHSM2 token. */
async function token(gateway: TestGateway, hsm: SoftHsm, keyType: 'RSA-2048' | 'P-384') {
  const person = await gateway.person('li', { keyType })
  const dir = temporary('pem')
  const keyFile = join(dir, 'key.pem')
  const certFile = join(dir, 'cert.pem')
  writeFileSync(keyFile, person.signer.privateKeyPem)
  const input = Buffer.from(person.signer.certificateDer)
  writeFileSync(certFile, execFileSync('openssl', ['x509', '-inform', 'DER'], { input }))
  hsm.addToken({ label: 'li', pin, key: { keyFile, certFile } })
}

describe.skipIf(softHsmMissing)('a session with a PKCS#11 token', () => {
  it.each(['RSA-2048', 'P-384'] as const)(
    '%s: signs in, locks when pulled, unlocks when back',
    async (keyType) => {
      const { hsm, shell, ask, choice } = await signedIn(keyType)
      const away = temporary('away')
      const moved = hsm.tokenDirectories().map((from, index) => ({ from, to: join(away, String(index)) }))
      for (const { from, to } of moved) renameSync(from, to)
      await expect
        .poll(() => shell.lastState(), { timeout: 5_000 })
        .toMatchObject({
          phase: 'locked',
          why: 'token-removed',
        })
      expect(await ask('session.unlock', choice)).toMatchObject({ failure: { code: 'token-absent' } })
      for (const { from, to } of moved) renameSync(to, from)
      expect(await ask('session.unlock', { ...choice, pin: '000000' })).toMatchObject({
        failure: { code: 'pin-wrong' },
      })
      expect(await ask('session.unlock', choice)).toMatchObject({ ok: true })
      expect(shell.lastState()).toMatchObject({ phase: 'active' })
    },
  )

  it('stays when the gateway goes away; tells so; what needs the gateway fails by its code', async () => {
    const { shell, ask, stopGateway } = await signedIn('P-384')
    await stopGateway()
    const told = () => shell.events.findLast((event) => event.kind === 'gateway')
    await expect.poll(told, { timeout: 8_000 }).toEqual({ kind: 'gateway', reachable: false })
    const study = { study: '1.2.3' }
    expect(await ask('study.open', study)).toMatchObject({ failure: { code: 'gateway-unreachable' } })
    expect(await ask('workstation.state')).toMatchObject({ value: { phase: 'active' } })
    expect(
      await ask('report.save-draft', { ...study, text: { findings: '字', impression: '' } }),
    ).toMatchObject({
      ok: true,
    })
    expect(await ask('workstation.lock')).toMatchObject({ ok: true })
    expect(shell.lastState()).toMatchObject({ phase: 'locked' })
  })

  it('ends when the gateway ends it, and says why', async () => {
    const { gateway, shell, ask } = await signedIn('P-384')
    const [live] = await gateway.sessions.live()
    await gateway.sessions.end(live?.id ?? '', 'revoked', { kind: 'cli', id: 'test' })
    await expect
      .poll(() => shell.lastState(), { timeout: 5_000 })
      .toMatchObject({
        phase: 'signed-out',
        ended: { reason: 'revoked' },
      })
    expect(
      await ask('worklist.list', { filter: { status: 'all' }, sort: null, offset: 0, limit: 10 }),
    ).toMatchObject({ failure: { code: 'session-required' } })
  })

  it('asks for a new enrolment when the workstation was revoked', async () => {
    const { gateway, shell, ask } = await signedIn('P-384')
    await ask('session.sign-out')
    const [listed] = await gateway.workstations.list()
    await gateway.workstations.revoke(listed?.id ?? '', { kind: 'cli', id: 'test' })
    await expect.poll(() => shell.lastState(), { timeout: 5_000 }).toEqual({ phase: 'not-enrolled' })
  })
})
