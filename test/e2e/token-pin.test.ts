import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { enrolWorkstation } from '../../demo/enrol.ts'
import { type Running, startGateway } from '../../demo/processes.ts'
import { ensureSecretService, type SecretService } from '../../src/main/vault/secret-service.ts'
import { softHsmMissing } from '../main/tokens/softhsm.ts'
import { type AtDesk, atDesk } from './at-desk.ts'
import { createHospital, type Hospital } from './hospital.ts'
import { stopAtFirstFailure } from './steps.ts'
import { type OpenWindow, openWindow, shellUnderTest } from './window.ts'

/** A hardware key as its owner meets it: its PIN, and what became of its driver. */

const pin = 'maple-864209'
const newPin = '75319-tulip'
const wrongPin = 'birch-112358'

describe.skipIf(softHsmMissing)(`a hardware key (${shellUnderTest} shell)`, () => {
  let hospital: Hospital
  let secrets: SecretService
  let gateway: Running
  let window: OpenWindow
  let desk: AtDesk

  beforeAll(async () => {
    hospital = await createHospital({ archive: { kind: 'folder' } })
    await hospital.addPerson({ login: 'li.wei', name: '李伟', roles: ['radiologist'], pin, on: 'pkcs11' })
    const { policyFile } = hospital.hsm
    const policy = JSON.parse(readFileSync(policyFile, 'utf8')) as { modules: object[] }
    const changedDriver = join(hospital.dir, 'libchanged.so')
    writeFileSync(changedDriver, 'not what IT had approved')
    policy.modules.push(
      { path: changedDriver, sha256: '0'.repeat(64), label: '已升级的驱动' },
      { path: join(hospital.dir, 'libabsent.so'), sha256: '0'.repeat(64), label: '未安装的驱动' },
    )
    writeFileSync(policyFile, JSON.stringify(policy))
    gateway = await startGateway(hospital.gatewayDir)
    secrets = await ensureSecretService(hospital.dir)
    const { configFile } = hospital.workstation('阅片室 1 号')
    await enrolWorkstation(configFile, hospital.gatewayDir)
    window = await openWindow(configFile, { env: { SOFTHSM2_CONF: hospital.hsm.conf } })
    desk = atDesk(window.page)
  })
  stopAtFirstFailure(() => window?.page)
  afterAll(async () => {
    await window?.close()
    await gateway?.stop()
    secrets?.stop()
    hospital?.remove()
  })

  it('reports each driver of the machine: loaded, missing, not the one that was approved', async () => {
    await desk.byId('token').filter({ hasText: '李伟' }).waitFor()
    await desk.byId('token-modules-open').click()
    const stateOf = (label: string) =>
      desk.byId('token-module').filter({ hasText: label }).getAttribute('data-state')
    expect(await stateOf('SoftHSM')).toBe('loaded')
    expect(await stateOf('已升级的驱动')).toBe('wrong-hash')
    expect(await stateOf('未安装的驱动')).toBe('missing')
    await window.page.keyboard.press('Escape')
    await desk.byId('token-modules').waitFor({ state: 'detached' })
  })

  const changePin = async (old: string, to: string, again = to) => {
    // In the dialog: the sign-in form beneath has a PIN too.
    const form = desk.byId('change-pin')
    for (const [field, text] of Object.entries({ pin: old, newPin: to, newPinAgain: again }))
      await form.getByTestId(field).fill(text)
    await desk.byId('change-pin-submit').click()
  }

  it('changes the PIN: not with a wrong one, nor where the new ones differ', async () => {
    await desk.byId('change-pin-open').click()
    await changePin(wrongPin, newPin)
    await desk.told('pin-wrong')
    await changePin(pin, newPin, pin)
    await desk.byId('change-pin').getByText('不一致').waitFor()
    await changePin(pin, newPin)
    await desk.byId('change-pin-done').getByRole('button').click()
    await desk.byId('change-pin-done').waitFor({ state: 'detached' })
  })

  it('signs in with the new PIN, and no more with the old', async () => {
    await desk.signIn('李伟', { pin })
    await desk.told('pin-wrong')
    await desk.signIn('李伟', { pin: newPin })
    await desk.byId('worklist').waitFor()
  })

  it('has told the gateway of the failures, and left no PIN anywhere', async () => {
    const failed = async () => {
      const rows = await hospital.withFoundation(({ audit }) => audit.tail())
      return rows.filter(({ action }) => action === 'token.failed').map(({ detail }) => detail.purpose)
    }
    await expect.poll(failed).toEqual(expect.arrayContaining(['change-pin', 'sign-in']))
    for (const secret of [pin, newPin, wrongPin]) expect(hospital.filesContaining(secret)).toEqual([])
    expect(window.complaints).toEqual([])
  })
})
