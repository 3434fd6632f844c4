import { TOTP } from 'otpauth'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { enrolWorkstation } from '../../demo/enrol.ts'
import { type Running, startGateway } from '../../demo/processes.ts'
import { ensureSecretService, type SecretService } from '../../src/main/vault/secret-service.ts'
import { softHsmMissing } from '../main/tokens/softhsm.ts'
import { type AtDesk, atDesk } from './at-desk.ts'
import { createHospital, demoOrder, type Hospital } from './hospital.ts'
import { stopAtFirstFailure } from './steps.ts'
import { type OpenWindow, openWindow, shellUnderTest } from './window.ts'

/** Passwords from the day that the officer asks for them, guesses at them, and the day that a key is lost. */

const pin = 'cedar-246802'
const weak = 'Vigil2026!'
const wrong = 'Xuanwu-47-mistaken'
const good = 'Qilin#58-hedgerow'
const better = 'Tangram!93-orchid'
const auditorsOwn = 'Juniper%27-lantern'
const order = demoOrder('CT26011008')

describe.skipIf(softHsmMissing)(`a second factor, and a lost key (${shellUnderTest} shell)`, () => {
  let hospital: Hospital
  let secrets: SecretService
  let gateway: Running
  let office: OpenWindow
  let reading: OpenWindow
  let officer: AtDesk
  let doctor: AtDesk
  let officeUsb: string
  let readingUsb: string
  let totp: TOTP
  let usedCode = ''
  const codes: string[] = []

  /** The code of the step in which the gateway takes a new one: this one, or the next where this one is used. */
  function nextCode(): string {
    const now = totp.generate()
    const code = now === usedCode ? totp.generate({ timestamp: Date.now() + 30_000 }) : now
    codes.push(code)
    return code
  }
  /** A first password, at a sign-in whose key is proven. */
  const choose = async (on: AtDesk, key: string, password: string) => {
    await on.signIn(key, { pin })
    await on.told('password-not-set')
    await on.signIn(key, { 'new-password': password, 'new-password-again': password, pin })
  }

  beforeAll(async () => {
    hospital = await createHospital({ archive: { kind: 'folder' } })
    const people = [
      { login: 'zhou.hai', name: '周海', roles: ['security-officer' as const] },
      { login: 'sun.jie', name: '孙洁', roles: ['auditor' as const] },
      { login: 'li.wei', name: '李伟', roles: ['radiologist' as const] },
    ]
    for (const person of people) await hospital.addPerson({ ...person, pin, on: 'pkcs12' })
    await hospital.addOrders([order])
    await hospital.addImages([order])
    gateway = await startGateway(hospital.gatewayDir)
    secrets = await ensureSecretService(hospital.dir)
    const stations = ['安全办 1 号', '阅片室 1 号'].map((name) => hospital.workstation(name, 'own')) as [
      ReturnType<Hospital['workstation']>,
      ReturnType<Hospital['workstation']>,
    ]
    for (const { configFile } of stations) await enrolWorkstation(configFile, hospital.gatewayDir)
    officeUsb = stations[0].usb
    readingUsb = stations[1].usb
    office = await openWindow(stations[0].configFile)
    reading = await openWindow(stations[1].configFile)
    officer = atDesk(office.page)
    doctor = atDesk(reading.page)
    hospital.insertKey('zhou.hai', officeUsb)
    hospital.insertKey('li.wei', readingUsb)
  })
  stopAtFirstFailure(() => reading?.page)
  afterAll(async () => {
    await office?.close()
    await reading?.close()
    await gateway?.stop()
    secrets?.stop()
    hospital?.remove()
  })

  it('lets the security officer ask for passwords from now on, after a look at the change', async () => {
    await officer.signIn('zhou.hai', { pin })
    await officer.isIn('周海')
    await officer.area('policy')
    const factors = office.page.locator('[data-testid=parameter][data-path="signIn.factors"]')
    await factors.getByText('证书 + 密码').click()
    await officer.byId('policy-review').click()
    await officer.byId('action-dialog').getByText('登录要素').waitFor()
    expect(await officer.byId('action-dialog').textContent()).toContain('证书 + 密码')
    await officer.submit()
    await officer.byId('policy-editor').getByText('现行第 2 版').waitFor()
  })

  it('has a radiologist choose a first password at sign-in, and takes no weak one', async () => {
    await doctor.signIn('li.wei', { pin })
    await doctor.told('password-not-set')
    const passwords = (one: string, again: string) => ({
      'new-password': one,
      'new-password-again': again,
      pin,
    })
    await doctor.signIn('li.wei', passwords(weak, weak))
    await doctor.byId('entry-bad').getByText('不符合要求').waitFor()
    await doctor.signIn('li.wei', passwords(good, better))
    await doctor.byId('entry-bad').getByText('不一致').waitFor()
    await doctor.signIn('li.wei', passwords(good, good))
    await doctor.byId('worklist').waitFor()
  })

  it('lets them change it, but not back', async () => {
    const change = async (from: string, to: string) => {
      await doctor.byId('who').click()
      await doctor.byId('account-password').click()
      await doctor.fill('password', from)
      await doctor.fill('new-password', to)
      await doctor.fill('new-password-again', to)
      await doctor.byId('change-password-submit').click()
    }
    await change(good, better)
    await doctor.byId('change-password-done').getByRole('button').click()
    await doctor.byId('change-password-done').waitFor({ state: 'detached' })
    await change(better, good)
    await doctor.told('password-unacceptable')
    await reading.page.keyboard.press('Escape')
    await doctor.byId('change-password').waitFor({ state: 'detached' })
    await doctor.signOut()
  })

  it('locks the account out after five wrong ones, takes not even the right one, counts down, and the officer lifts it', async () => {
    for (let tries = 1; tries <= 5; tries += 1) {
      await doctor.signIn('li.wei', { password: wrong, pin })
      await doctor.told('password-wrong')
      await doctor.page.locator('[data-testid=pin]:enabled').waitFor()
    }
    await doctor.signIn('li.wei', { password: better, pin })
    expect(await doctor.told('locked-out')).toContain('输错次数过多')
    expect(await doctor.byId('countdown').textContent()).toMatch(/^\d?\d:\d\d$/)

    await officer.area('accounts')
    await officer.byId('refresh').click()
    await officer.row('accounts', 'li.wei').getByText('锁定至').waitFor()
    await officer.row('accounts', 'li.wei').click()
    await officer.byId('account-clear-lockout').click()
    await officer.because('本人来电，忘记密码已想起')
    await officer.row('accounts', '锁定至').waitFor({ state: 'detached' })

    await doctor.byId('locked-out-retry').click()
    await doctor.signIn('li.wei', { password: better, pin })
    await doctor.byId('worklist').waitFor()
    // They are told what happened to their account meanwhile.
    await doctor.byId('failures-notice').getByText('6 次').waitFor()
    await doctor.signOut()
  })

  it('lets nobody in without a key, until the officer has granted it', async () => {
    hospital.pullKey('li.wei', readingUsb)
    await doctor.byId('by-fallback').click()
    await doctor.fill('login-name', 'li.wei')
    await doctor.fill('password', better)
    await doctor.fill('code', '112233')
    await doctor.byId('sign-in-fallback').click()
    await doctor.told('credentials-wrong')

    await officer.byId('account-grant-fallback').click()
    await officer.fill('fallback-hours', '4')
    await officer.fill('reason', 'USB Key 遗失，已挂失')
    await officer.submit()
    await officer.byId('totp-qr').waitFor()
    totp = new TOTP({ secret: (await officer.takeOnce()).replace(/\s/g, '') })
  })

  it('signs in by password and code, says so all the time, and lets no report be signed', async () => {
    usedCode = nextCode()
    await doctor.fill('login-name', 'li.wei')
    await doctor.fill('password', better)
    await doctor.fill('code', usedCode)
    await doctor.byId('sign-in-fallback').click()
    await doctor.byId('worklist').waitFor()
    expect(await doctor.byId('fallback-badge').textContent()).toContain('不能签发报告')
    await reading.page
      .locator(`[data-testid=worklist-row][data-accession=${order.accessionNumber}]`)
      .dblclick()
    await doctor.byId('editor-findings').click()
    await reading.page.keyboard.insertText('左侧基底节区脑出血。')
    await expect.poll(() => doctor.byId('save-state').getAttribute('data-state')).toBe('gateway')
    await reading.page.keyboard.press('Control+Enter')
    expect(await doctor.byId('sign-off').count()).toBe(0)
    expect(await doctor.byId('sign-off-dialog').count()).toBe(0)
    expect(await doctor.byId('sign-off-withheld').textContent()).toContain('USB Key')
    // What the key does here is to hand it in for somebody else to sign; that is asked first.
    await doctor.byId('hand-go').waitFor()
    await reading.page.keyboard.press('Escape')
    await expect.poll(() => reading.page.getByRole('dialog').count()).toBe(0)
    await doctor.signOut()
  })

  it('takes no code twice', async () => {
    await doctor.byId('by-fallback').click()
    const enter = async (code: string) => {
      await doctor.fill('login-name', 'li.wei')
      await doctor.fill('password', better)
      await doctor.fill('code', code)
      await doctor.byId('sign-in-fallback').click()
    }
    await enter(usedCode)
    await doctor.told('credentials-wrong')
    usedCode = nextCode()
    await enter(usedCode)
    await doctor.byId('worklist').waitFor()
  })

  it('ends within seconds when the officer ends the grant, and says why', async () => {
    await officer.byId('account-end-fallback').click()
    await officer.because('新 Key 已发放')
    const since = Date.now()
    expect(await doctor.told('fallback-over')).toContain('应急登录')
    expect(Date.now() - since).toBeLessThan(2000)
    expect(await reading.page.content()).not.toContain(order.patientName)
    await officer.signOut()
  })

  it('shows the auditor the grant, and every step in the records', async () => {
    hospital.pullKey('zhou.hai', officeUsb)
    hospital.insertKey('sun.jie', officeUsb)
    await choose(officer, 'sun.jie', auditorsOwn)
    await officer.isIn('孙洁')
    await officer.area('fallback-grants')
    const grant = officer.row('fallback-grants', '李伟')
    expect(await grant.textContent()).toContain('USB Key 遗失，已挂失')
    expect(await grant.textContent()).toContain('周海')
    await officer.area('audit')
    for (const action of ['应急登录授权', '收回应急授权', '修改安全策略', '解除锁定', '修改密码'])
      await officer.record(action)
    await officer.signOut()
  })

  it('leaves no password, code, secret or PIN in any file, and an audit that verifies', async () => {
    const all = [weak, wrong, good, better, auditorsOwn, pin, totp.secret.base32]
    for (const secret of all) expect(hospital.filesContaining(secret)).toEqual([])
    for (const code of codes) expect(hospital.filesContainingNumber(code)).toEqual([])
    expect((await hospital.withFoundation((foundation) => foundation.audit.verify())).faults).toEqual([])
  })

  it('raised no complaint in either window', () => {
    expect([...office.complaints, ...reading.complaints]).toEqual([])
  })
})
