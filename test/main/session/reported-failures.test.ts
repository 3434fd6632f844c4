import { execFileSync } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { freePorts } from '../../../demo/ports.ts'
import { steadyClock } from '../../../src/main/lock/index.ts'
import { openLog } from '../../../src/main/log.ts'
import { forkHost } from '../../../src/main/tokens/index.ts'
import { createWorkstation } from '../../../src/main/workstation.ts'
import { startGateway, type TestGateway } from '../../server/gateway-harness.ts'
import { recordingShell } from '../recording-shell.ts'
import { temporary } from '../temporary.ts'
import { makeSoftHsm, softHsmMissing } from '../tokens/softhsm.ts'

/** A workstation with a SoftHSM2 token, a gateway, and what the audit holds of the sign-ins that failed here. */

const pin = '654321'
const wrongPin = '999999'
const closing: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close()
  delete process.env.SOFTHSM2_CONF
})

async function enrolled() {
  const [apiPort] = (await freePorts(1)) as [number]
  const gateway = await startGateway({
    config: { listen: { host: '127.0.0.1', apiPort, enrolmentPort: 0 } },
  })
  closing.push(() => gateway.close())
  const hsm = makeSoftHsm()
  process.env.SOFTHSM2_CONF = hsm.conf
  const person = await gateway.person('li')
  const dir = temporary('pem')
  const key = { keyFile: join(dir, 'key.pem'), certFile: join(dir, 'cert.pem') }
  writeFileSync(key.keyFile, person.signer.privateKeyPem)
  const input = Buffer.from(person.signer.certificateDer)
  writeFileSync(key.certFile, execFileSync('openssl', ['x509', '-inform', 'DER'], { input }))
  hsm.addToken({ label: 'li', pin, key })
  const dataDir = temporary('workstation')
  const secrets = new Map<string, string>()
  const time = { skew: 0 }

  async function start() {
    const shell = recordingShell()
    const workstation = await createWorkstation({
      config: {
        dataDir,
        name: '阅片室三',
        demo: true,
        vaultService: 'Vigil test',
        tokens: { pkcs11Policy: hsm.policyFile, mediaDirectories: [], scanMounts: false },
      },
      shell,
      vault: {
        read: async (name) => secrets.get(name) ?? null,
        write: async (name, secret) => void secrets.set(name, secret),
        remove: async (name) => void secrets.delete(name),
      },
      log: openLog(dataDir),
      clock: () => Date.now() + time.skew,
      steady: steadyClock,
      random: randomBytes,
      spawnHost: () => forkHost(),
      rendererDir: dataDir,
      version: '0.0.0',
      probeEveryMs: 200,
    })
    let open = true
    const stop = async () => {
      if (open) await workstation.close()
      open = false
    }
    closing.push(stop)
    await workstation.start()
    const ask = (channel: string, args?: unknown) => shell.services().invoke(channel, args)
    return { shell, ask, stop }
  }

  const at = await start()
  const { code } = await gateway.codes.create({ kind: 'cli', id: 'test' })
  await gateway.enrolment.refresh()
  const ticket = `127.0.0.1:${gateway.enrolment.port()}/${code}/${gateway.authorities.gatewayPin}`
  expect(await at.ask('workstation.enrol', { ticket, name: '阅片室三' })).toMatchObject({ ok: true })
  const listed = (await at.ask('tokens.list')) as { value: { id: string; certificates: { id: string }[] }[] }
  const choice = { tokenId: listed.value[0]?.id, certificateId: listed.value[0]?.certificates[0]?.id, pin }
  const certificate = createHash('sha256').update(person.signer.certificateDer).digest('hex')
  return { ...at, start, gateway, hsm, dataDir, choice, certificate, time }
}

const audited = async (gateway: Pick<TestGateway, 'foundation'>) => {
  const rows = await gateway.foundation.audit.tail()
  return rows
    .filter(({ action }) => action === 'token.failed')
    .map(({ detail }) => `${detail.purpose} ${detail.code}`)
    .toReversed()
}

describe.skipIf(softHsmMissing)('what fails at the workstation is in the audit', () => {
  it('a wrong PIN, a token that is not there, a wrong clock; at sign-in and at unlock', async () => {
    const { ask, gateway, hsm, choice, certificate, time } = await enrolled()
    const signIn = (more: object) => ask('session.sign-in', { ...choice, takeOver: false, ...more })
    expect(await signIn({ pin: wrongPin })).toMatchObject({ failure: { code: 'pin-wrong' } })
    await expect.poll(() => audited(gateway)).toEqual(['sign-in pin-wrong'])
    const [workstation] = await gateway.workstations.list()
    expect((await gateway.foundation.audit.tail())[0]).toMatchObject({
      outcome: 'refused',
      actor: `workstation:${workstation?.id}`,
      workstation: workstation?.id,
      address: '127.0.0.1',
      detail: { certificate, at: expect.any(Number) },
    })
    time.skew = 3_600_000
    expect(await signIn({})).toMatchObject({ failure: { code: 'clock-skewed' } })
    await expect.poll(() => audited(gateway)).toContain('sign-in clock-skewed')
    time.skew = 0
    expect(await signIn({})).toMatchObject({ ok: true })
    expect(await ask('workstation.lock')).toMatchObject({ ok: true })
    const [from = ''] = hsm.tokenDirectories()
    const away = join(temporary('away'), 'token')
    renameSync(from, away)
    expect(await ask('session.unlock', choice)).toMatchObject({ failure: { code: 'token-absent' } })
    renameSync(away, from)
    expect(await ask('session.unlock', { ...choice, pin: wrongPin })).toMatchObject({
      failure: { code: 'pin-wrong' },
    })
    await expect
      .poll(() => audited(gateway))
      .toEqual(['sign-in pin-wrong', 'sign-in clock-skewed', 'unlock token-absent', 'unlock pin-wrong'])
    expect(JSON.stringify(await gateway.foundation.audit.tail())).not.toContain(wrongPin)
  })

  it('a PIN that was not changed, for the old one was wrong; and none that was', async () => {
    const { ask, gateway, choice } = await enrolled()
    const { tokenId, certificateId } = choice
    const change = (pin: string, newPin: string) => ask('tokens.change-pin', { tokenId, pin, newPin })
    expect(await change(wrongPin, '135790')).toMatchObject({ failure: { code: 'pin-wrong' } })
    await expect.poll(() => audited(gateway)).toEqual(['change-pin pin-wrong'])
    expect(await change(pin, '135790')).toEqual({ ok: true, value: {} })
    const signIn = { tokenId, certificateId, takeOver: false }
    expect(await ask('session.sign-in', { ...signIn, pin })).toMatchObject({ failure: { code: 'pin-wrong' } })
    expect(await ask('session.sign-in', { ...signIn, pin: '135790' })).toMatchObject({ ok: true })
    expect(await ask('tokens.modules')).toMatchObject({
      value: { problem: null, modules: [{ state: 'loaded' }] },
    })
    await expect.poll(() => audited(gateway)).toEqual(['change-pin pin-wrong', 'sign-in pin-wrong'])
  })

  it('also when the gateway was down, and the workstation was restarted meanwhile', async () => {
    const { ask, stop, start, gateway, dataDir, choice } = await enrolled()
    const file = join(dataDir, 'token-failures.json')
    await gateway.stop()
    closing.shift()
    const signIn = { ...choice, takeOver: false }
    const failed = await ask('session.sign-in', signIn)
    expect(failed).toMatchObject({ failure: { code: 'gateway-unreachable' } })
    await expect.poll(() => existsSync(file)).toBe(true)
    await stop()
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual([
      { code: 'gateway-unreachable', purpose: 'sign-in', at: expect.any(Number) },
    ])

    const again = await start()
    expect(await again.ask('workstation.state')).toMatchObject({ value: { phase: 'signed-out' } })
    expect(existsSync(file)).toBe(true)
    const back = await startGateway({ resume: gateway })
    closing.unshift(() => back.close())
    await expect.poll(() => audited(back), { timeout: 5_000 }).toEqual(['sign-in gateway-unreachable'])
    await expect.poll(() => existsSync(file)).toBe(false)
    expect(again.shell.events).toContainEqual({ kind: 'gateway', reachable: true })
    expect(await again.ask('session.sign-in', signIn)).toMatchObject({ ok: true })
    expect(await audited(back)).toHaveLength(1)
  })
})
