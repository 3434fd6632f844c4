import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { enrolWorkstation } from '../../demo/enrol.ts'
import type { UserKey } from '../../demo/hospital-ca.ts'
import { projectRoot } from '../../demo/places.ts'
import { type Running, startGateway } from '../../demo/processes.ts'
import { ensureSecretService, type SecretService } from '../../src/main/vault/secret-service.ts'
import { softHsmMissing } from '../main/tokens/softhsm.ts'
import { type AtDesk, atDesk } from './at-desk.ts'
import { createHospital, type Hospital } from './hospital.ts'
import { stopAtFirstFailure } from './steps.ts'
import { type OpenWindow, openWindow, shellUnderTest } from './window.ts'

/** How a hospital comes to its first radiologist: nobody is there at the start, and no account comes with the product. */

const pins = {
  'chen.gang': 'poplar-318244',
  'zhao.jing': 'poplar-318255',
  'zhou.hai': 'poplar-318266',
  'sun.jie': 'poplar-318277',
  'li.wei': 'poplar-318288',
}
type Login = keyof typeof pins
const names: Record<Login, string> = {
  'chen.gang': '陈刚',
  'zhao.jing': '赵静',
  'zhou.hai': '周海',
  'sun.jie': '孙洁',
  'li.wei': '李伟',
}
const officers: [role: string, login: Login][] = [
  ['system-administrator', 'zhao.jing'],
  ['security-officer', 'zhou.hai'],
  ['auditor', 'sun.jie'],
]

describe.skipIf(softHsmMissing)(`from nobody to the first radiologist (${shellUnderTest} shell)`, () => {
  let hospital: Hospital
  let secrets: SecretService
  let gateway: Running
  let window: OpenWindow
  let desk: AtDesk
  let station: ReturnType<Hospital['workstation']>
  const keys = {} as Record<Login, UserKey>
  let bindingCode = ''

  /** One person leaves the desk with their key, the next sits down with theirs. */
  const sitDown = (login: Login, after?: Login) => {
    if (after) hospital.pullKey(after, station.usb)
    hospital.insertKey(login, station.usb)
  }
  const signIn = (login: Login, more: Record<string, string> = {}) =>
    desk.signIn(login, { ...more, pin: pins[login] })

  beforeAll(async () => {
    hospital = await createHospital({ archive: { kind: 'folder' } })
    for (const [login, pin] of Object.entries(pins) as [Login, string][])
      keys[login] = await hospital.addKey({ login, name: names[login], pin })
    const certificate = join(hospital.dir, 'chen-gang.pem')
    writeFileSync(certificate, keys['chen.gang'].certificatePem)
    const bootstrap = ['account', 'bootstrap', '--dir', hospital.gatewayDir, '--login', 'chen.gang']
    execFileSync(
      process.execPath,
      ['src/server/cli/vigil.ts', ...bootstrap, '--name', '陈刚', '--certificate', certificate],
      { cwd: projectRoot, stdio: 'pipe' },
    )
    gateway = await startGateway(hospital.gatewayDir)
    secrets = await ensureSecretService(hospital.dir)
    station = hospital.workstation('信息科 1 号', 'own')
    await enrolWorkstation(station.configFile, hospital.gatewayDir)
    window = await openWindow(station.configFile)
    desk = atDesk(window.page)
  })
  stopAtFirstFailure(() => window?.page)
  afterAll(async () => {
    await window?.close()
    await gateway?.stop()
    secrets?.stop()
    hospital?.remove()
  })

  it('lets the bootstrap administrator do one thing: create the three officers', async () => {
    sitDown('chen.gang')
    await signIn('chen.gang')
    await desk.byId('bootstrap-screen').waitFor()
    expect(await window.page.locator('[data-testid^=area-]').count()).toBe(0)
    for (const [role, login] of officers) {
      const card = desk.byId(`officer-${role}`)
      await card.getByTestId('login-name').fill(login)
      await card.getByTestId('display-name').fill(names[login])
      await card.getByTestId('staff-number').fill(`GH-${login.length}${role.length}`)
      await card.getByTestId('certificate-text').fill(keys[login].certificatePem)
      await card.getByTestId('certificate-facts').getByText(names[login]).waitFor()
      await card.getByTestId('officer-create').click()
      if (role !== 'auditor') await card.getByTestId('officer-created').waitFor()
    }
  })

  it('signs them out with the third, says why, and refuses them from then on', async () => {
    expect(await desk.told('bootstrap-done')).toContain('初始化管理员')
    await signIn('chen.gang')
    await desk.told('account-disabled')
  })

  it('has the system administrator enter a radiologist, who can do nothing yet', async () => {
    sitDown('zhao.jing', 'chen.gang')
    await signIn('zhao.jing')
    await desk.isIn('赵静')
    await desk.byId('account-create').click()
    await desk.fill('login-name', 'li.wei')
    await desk.fill('display-name', '李伟')
    await desk.fill('staff-number', 'FS0127')
    await desk.submit()
    const row = desk.row('accounts', 'li.wei')
    await row.getByText('无角色').waitFor()
    await row.click()
    // What they may do is not the system administrator's to say.
    await desk.byId('account-edit').waitFor()
    expect(await desk.byId('account-authorise').count()).toBe(0)
    await desk.signOut()
  })

  it('has the security officer say what they may do, and make a code for their key', async () => {
    sitDown('zhou.hai', 'zhao.jing')
    await signIn('zhou.hai')
    await desk.isIn('周海')
    await desk.row('accounts', 'li.wei').click()
    await desk.byId('account-authorise').click()
    await desk.byId('role-radiologist').click()
    await desk.submit()
    await desk.row('accounts', '放射医师').waitFor()
    await desk.byId('account-binding-code').click()
    await desk.submit()
    bindingCode = await desk.takeOnce()
    expect(bindingCode.replace(/\W/g, '').length).toBeGreaterThanOrEqual(20)
    await desk.signOut()
  })

  it('binds an unknown key by the code at the first sign-in, and no key by a wrong one', async () => {
    sitDown('li.wei', 'zhou.hai')
    await signIn('li.wei')
    expect(await desk.told('account-unknown')).toContain('绑定码')
    await signIn('li.wei', { 'binding-code': 'ABCDE-FGHJK-MNPQR-STVWX-YZ012-3' })
    await desk.told('binding-code-invalid')
    // As people type: lower case, and spaces for hyphens.
    await signIn('li.wei', { 'binding-code': bindingCode.toLowerCase().replaceAll('-', ' ') })
    await desk.isIn('李伟')
    await desk.byId('worklist').waitFor()
    await desk.signOut()
  })

  it('needs no code the second time', async () => {
    await signIn('li.wei')
    await desk.byId('worklist').waitFor()
    expect(await desk.byId('binding-code').count()).toBe(0)
    await desk.signOut()
  })

  it('leaves all of it in the audit, and no PIN or code in any file', async () => {
    const rows = await hospital.withFoundation((foundation) => foundation.audit.tail())
    const actions = rows.map(({ action }) => action)
    expect(actions.filter((action) => action === 'account.created')).toHaveLength(5)
    for (const action of ['account.authorised', 'account.binding-code-created'])
      expect(actions).toContain(action)
    const bound = rows.filter(({ action }) => action === 'account.certificate-bound')
    // The bootstrap administrator's and the officers' by procedure, the radiologist's by the radiologist.
    expect(bound).toHaveLength(5)
    expect((await hospital.withFoundation((foundation) => foundation.audit.verify())).faults).toEqual([])
    const secretsOfAll = [...Object.values(pins), bindingCode, bindingCode.replace(/\W/g, '')]
    for (const secret of secretsOfAll) expect(hospital.filesContaining(secret)).toEqual([])
  })

  it('raised no complaint in the window', () => {
    expect(window.complaints).toEqual([])
  })
})
