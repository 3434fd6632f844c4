import { readFileSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { enrolWorkstation } from '../../demo/enrol.ts'
import { type Running, startGateway } from '../../demo/processes.ts'
import { ensureSecretService, type SecretService } from '../../src/main/vault/secret-service.ts'
import { softHsmMissing } from '../main/tokens/softhsm.ts'
import { type AtDesk, atDesk } from './at-desk.ts'
import { createHospital, demoOrder, type Hospital } from './hospital.ts'
import { stopAtFirstFailure } from './steps.ts'
import { complaintsBeyondCutOff, type OpenWindow, openWindow, shellUnderTest } from './window.ts'

/** One reading station and two radiologists, one radiologist and two stations, and an officer who sees both. */

// With letters: digits alone stand by chance in a UID.
const pin = 'linden-975310'
const draft = '左侧基底节区脑出血，破入脑室。'
const order = demoOrder('CT26011008')
const places = ['安全办 1 号', 'CT 阅片室 1 号', 'CT 阅片室 2 号'] as const

describe.skipIf(softHsmMissing)(`a shared reading station (${shellUnderTest} shell)`, () => {
  let hospital: Hospital
  let secrets: SecretService
  let gateway: Running
  let officeData: string
  const windows: OpenWindow[] = []
  const usb: string[] = []
  let officer: AtDesk
  let one: AtDesk
  let two: AtDesk

  const lastEnded = () =>
    hospital.withFoundation((f) =>
      f.store.db
        .selectFrom('sessions')
        .select('end_reason')
        .where('state', '=', 'ended')
        .orderBy('ended_at', 'desc')
        .executeTakeFirst(),
    )
  const openStudy = async (desk: AtDesk) => {
    await desk.page.locator(`[data-testid=worklist-row][data-accession=${order.accessionNumber}]`).dblclick()
    await desk.byId('editor-findings').waitFor()
  }
  /** How long a window takes to say that its session is over, from now. */
  const msUntilTold = async (desk: AtDesk, code: string) => {
    const since = performance.now()
    await desk.told(code)
    return performance.now() - since
  }

  beforeAll(async () => {
    hospital = await createHospital({ archive: { kind: 'folder' } })
    const people = [
      { login: 'zhou.hai', name: '周海', roles: ['security-officer' as const] },
      { login: 'li.wei', name: '李伟', roles: ['radiologist' as const] },
      { login: 'zhang.min', name: '张敏', roles: ['radiologist' as const] },
    ]
    for (const person of people) await hospital.addPerson({ ...person, pin, on: 'pkcs12' })
    await hospital.addOrders([order])
    await hospital.addImages([order])
    gateway = await startGateway(hospital.gatewayDir)
    secrets = await ensureSecretService(hospital.dir)
    const stations = places.map((name) => hospital.workstation(name, 'own'))
    for (const station of stations) {
      usb.push(station.usb)
      await enrolWorkstation(station.configFile, hospital.gatewayDir)
      windows.push(await openWindow(station.configFile))
    }
    officeData = stations[0]!.dataDir
    ;[officer, one, two] = windows.map(({ page }) => atDesk(page)) as [AtDesk, AtDesk, AtDesk]
    hospital.insertKey('zhou.hai', usb[0]!)
    await officer.signIn('zhou.hai', { pin })
    await officer.isIn('周海')
  })
  stopAtFirstFailure(() => one?.page)
  afterAll(async () => {
    for (const window of windows) await window.close()
    await gateway?.stop()
    secrets?.stop()
    hospital?.remove()
  })

  it('keeps the first radiologist there, locked, while the second has not got in', async () => {
    hospital.insertKey('li.wei', usb[1]!)
    await one.signIn('li.wei', { pin })
    await one.byId('worklist').waitFor()
    await openStudy(one)
    await one.byId('editor-findings').click()
    await one.page.keyboard.insertText(draft)
    await expect.poll(() => one.byId('save-state').getAttribute('data-state')).toBe('gateway')
    await one.page.keyboard.press('Control+L')
    await one.byId('lock-screen').waitFor()

    hospital.pullKey('li.wei', usb[1]!)
    hospital.insertKey('zhang.min', usb[1]!)
    await one.byId('switch-user').click()
    await one.signIn('zhang.min', { pin: '000000' })
    await one.told('pin-wrong')
    expect(await one.byId('lock-screen').textContent()).toContain('李伟')
    const states = await hospital.withFoundation((f) =>
      f.store.db.selectFrom('sessions').select('state').where('end_reason', 'is', null).execute(),
    )
    expect(states.map(({ state }) => state).toSorted()).toEqual(['active', 'locked'])
  })

  it('lets the second in by a key of their own, and nothing of the first is in the window', async () => {
    await one.signIn('zhang.min', { pin })
    await one.isIn('张敏')
    await one.byId('worklist').waitFor()
    expect(await one.page.content()).not.toContain('基底节')
    expect(await lastEnded()).toEqual({ end_reason: 'switched-user' })
    await one.signOut()
  })

  it('has the first radiologist find the draft whole', async () => {
    hospital.pullKey('zhang.min', usb[1]!)
    hospital.insertKey('li.wei', usb[1]!)
    await one.signIn('li.wei', { pin })
    await openStudy(one)
    expect(await one.byId('editor-findings').textContent()).toContain(draft)
  })

  it('tells the first workstation who took over, where and when', async () => {
    hospital.insertKey('li.wei', usb[2]!)
    await two.signIn('li.wei', { pin })
    expect(await two.told('session-elsewhere')).toContain(places[1])
    await two.fill('pin', pin)
    await two.byId('take-over').click()
    await two.byId('worklist').waitFor()
    const why = await one.told('taken-over')
    expect(why).toContain(places[2])
    expect(why).toMatch(/\d\d:\d\d/)
    expect(await one.page.content()).not.toContain(order.patientName)
  })

  it('shows the officer who is where, and ends a session from the list', async () => {
    await officer.area('sessions')
    await officer.byId('refresh').click()
    const row = officer.row('sessions', '李伟')
    await row.getByText(places[2]).waitFor()
    expect(await officer.byId('session-cap').textContent()).toContain('2')
    await row.getByTestId('session-end').click()
    await officer.because('离岗未退出')
    expect(await msUntilTold(two, 'ended-by-officer')).toBeLessThan(2000)
    await row.waitFor({ state: 'detached' })
  })

  it('puts the user of a suspended workstation out within 2 s, and tells the next one why', async () => {
    hospital.pullKey('li.wei', usb[1]!)
    hospital.insertKey('zhang.min', usb[1]!)
    await one.signIn('zhang.min', { pin })
    await one.byId('worklist').waitFor()
    await officer.area('workstations')
    await officer.row('workstations', places[1]).click()
    await officer.byId('workstation-suspend').click()
    await officer.because('设备送修')
    expect(await msUntilTold(one, 'revoked')).toBeLessThan(2000)
    await one.signIn('zhang.min', { pin })
    await one.told('workstation-suspended')
    await officer.byId('workstation-resume').click()
    await officer.because('设备已修复')
    await one.signIn('zhang.min', { pin })
    await one.byId('worklist').waitFor()
  })

  it('ends the session of a certificate that is revoked, and takes that key no more', async () => {
    await officer.area('certificates')
    await officer.row('certificates', '张敏').getByTestId('certificate-revoke').click()
    await officer.because('Key 遗失')
    expect(await msUntilTold(one, 'revoked')).toBeLessThan(2000)
    await one.signIn('zhang.min', { pin })
    await one.told('certificate-revoked')
  })

  it('lists the failures, writes the list as a file, and has that in the audit', async () => {
    await officer.area('sign-in-failures')
    for (const code of ['pin-wrong', 'session-elsewhere', 'certificate-revoked'])
      await officer.page.locator(`[data-testid=sign-in-failures-row][data-code=${code}]`).first().waitFor()
    const shown = await officer.byId('sign-in-failures-row').count()
    await officer.byId('export').click()
    const exports = join(officeData, 'exports')
    const written = async () => {
      const [file] = await readdir(exports).catch(() => [])
      return file === undefined ? '' : readFileSync(join(exports, file), 'utf8')
    }
    await expect.poll(written).toContain('证书已吊销')
    const text = await written()
    // The mark that tells the spreadsheets of this country that it is UTF-8.
    expect(text.startsWith('\uFEFF')).toBe(true)
    expect(text.trimEnd().split(/\r?\n/)).toHaveLength(shown + 1)
    const exported = await hospital.withFoundation(async ({ audit }) =>
      (await audit.tail()).find(({ action }) => action === 'table.exported'),
    )
    expect(exported?.detail.rows).toBe(shown)
  })

  it('leaves no PIN in any file, an audit that verifies, and no complaint in a window', async () => {
    expect(hospital.filesContaining(pin)).toEqual([])
    expect(hospital.filesContaining('基底节区')).toEqual([])
    expect((await hospital.withFoundation((foundation) => foundation.audit.verify())).faults).toEqual([])
    expect(complaintsBeyondCutOff(...windows)).toEqual([])
  })
})
