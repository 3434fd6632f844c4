import { execFile } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import Database from 'better-sqlite3'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { enrolWorkstation } from '../../demo/enrol.ts'
import { projectRoot } from '../../demo/places.ts'
import { type Running, startGateway } from '../../demo/processes.ts'
import { ensureSecretService, type SecretService } from '../../src/main/vault/secret-service.ts'
import { dataDirectory } from '../../src/server/data-directory/index.ts'
import { flipped } from '../attack/damage.ts'
import { softHsmMissing } from '../main/tokens/softhsm.ts'
import { type AtDesk, atDesk } from './at-desk.ts'
import { createHospital, demoOrder, type Hospital } from './hospital.ts'
import { stopAtFirstFailure } from './steps.ts'
import { complaintsBeyondCutOff, type OpenWindow, openWindow, shellUnderTest } from './window.ts'

/** Somebody opens what they are not cleared for; the three officers see it, answer for it, and look after what is stored. */

const pin = 'rowan-642087'
/** Its label is 敏感 from the order on. */
const restricted = demoOrder('DX26011085')
const names = { 'sun.yue': '孙悦', 'sun.jie': '孙洁', 'zhao.jing': '赵静', 'zhou.hai': '周海' } as const
type Login = keyof typeof names
const vigil = (...args: string[]) =>
  promisify(execFile)(process.execPath, ['src/server/cli/vigil.ts', ...args], { cwd: projectRoot })

describe.skipIf(softHsmMissing)(`data protection (${shellUnderTest} shell)`, () => {
  let hospital: Hospital
  let secrets: SecretService
  let gateway: Running
  let window: OpenWindow
  let desk: AtDesk
  let station: ReturnType<Hospital['workstation']>
  let seated: Login | null = null

  /** The one who is there goes with their key, the next sits down with theirs. */
  async function sitDown(login: Login) {
    if (seated) {
      await desk.signOut()
      hospital.pullKey(seated, station.usb)
    }
    hospital.insertKey(login, station.usb)
    seated = login
    await desk.signIn(login, { pin })
    await desk.isIn(names[login])
  }
  /** Past seals and guards, as a disk does it. */
  function flipOneByte(column: string): void {
    const [table, name] = column.split('.')
    const database = new Database(dataDirectory(hospital.gatewayDir).database, { timeout: 5000 })
    try {
      const triggers = database
        .prepare(`select name, sql from sqlite_schema where type = 'trigger' and tbl_name = ?`)
        .all(table) as { name: string; sql: string }[]
      database.transaction(() => {
        for (const trigger of triggers) database.exec(`drop trigger "${trigger.name}"`)
        const value = database.prepare(`select ${name} from ${table}`).pluck().get() as string
        database.prepare(`update ${table} set ${name} = ?`).run(flipped(value))
        for (const { sql } of triggers) database.exec(sql)
      })()
    } finally {
      database.close()
    }
  }
  const part = (screen: string, name: string) =>
    desk.byId(`${screen}-part`).getByText(name, { exact: true }).click()
  /** What the window's own bridge answers: a page that was tampered with has no more than that. */
  const asked = (call: string, args?: unknown) =>
    window.page.evaluate(([name, given]) => (globalThis as unknown as WithBridge).vigil[name]?.(given), [
      call,
      args,
    ] as const)

  beforeAll(async () => {
    hospital = await createHospital({ archive: { kind: 'folder' } })
    const roles = {
      'sun.yue': 'resident',
      'sun.jie': 'auditor',
      'zhao.jing': 'system-administrator',
      'zhou.hai': 'security-officer',
    } as const
    for (const [login, name] of Object.entries(names) as [Login, string][])
      await hospital.addPerson({ login, name, roles: [roles[login]], pin, on: 'pkcs12' })
    await hospital.addOrders([restricted])
    await hospital.addImages([restricted])
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

  it('shows the auditor who broke the glass, when and why, and the whole day of that patient', async () => {
    await sitDown('sun.yue')
    await window.page.locator(`[data-accession=${restricted.accessionNumber}]`).dblclick()
    await desk.byId('glass-rescue').click()
    await desk.submit()
    await desk.byId('reading-room').waitFor()

    await sitDown('sun.jie')
    const record = await desk.record('紧急访问受限检查')
    expect(await record.textContent()).toContain('孙悦')
    await record.click()
    const facts = desk.byId('audit-record')
    await facts.getByText('抢救').first().waitFor()
    await part('audit', '时间线')
    await desk.byId('timeline-subject').click()
    await window.page.keyboard.type(restricted.patientId)
    await window.page.locator('.audit-candidate').first().waitFor()
    await window.page.keyboard.press('Enter')
    await desk.byId('timeline-day').first().waitFor()
    const day = desk.byId('timeline-record')
    await day.filter({ hasText: '打开影像' }).first().waitFor()
    expect(await day.filter({ hasText: '紧急访问受限检查' }).count()).toBe(1)
    // The auditor sees who did what, and not who the patient is.
    expect(await desk.byId('audit-timeline').textContent()).not.toContain(restricted.patientName)
  })

  it('has the auditor review the broken glass as an anomaly, once', async () => {
    await part('audit', '异常')
    const row = desk.row('anomalies', '紧急访问').filter({ hasText: '孙悦' })
    await row.click()
    await desk.byId('anomaly-review').click()
    await window.page.getByLabel('正常').check()
    await desk.fill('review-note', '急诊抢救，已与值班医师核实')
    await desk.submit()
    await row.waitFor({ state: 'detached' })
    await desk.byId('anomalies-open-only').click()
    await row.getByText('正常').waitFor()
  })

  it('proves the trail, and gives out a report of the day whose signature holds', async () => {
    await part('audit', '链校验与外送')
    await desk.byId('chain-verify').click()
    await desk.byId('audit-chain').locator('[data-verdict=whole]').waitFor()
    await part('audit', '审计报告')
    await desk.byId('summary-make').click()
    await desk.fill('summary-period', today())
    await desk.submit()
    for (const format of ['pdf', 'xlsx']) {
      await desk.byId(`summary-${format}`).click()
      await window.page.getByText(`.${format}`, { exact: false }).first().waitFor()
    }
    const exports = join(station.dataDir, 'exports')
    await expect.poll(() => readdirSync(exports).length).toBe(2)
    const files = readdirSync(exports).map((name) => join(exports, name))
    const { stdout } = await vigil('audit', 'report', 'verify', ...files, '--dir', hospital.gatewayDir)
    expect(stdout.match(/签名者相符/g)).toHaveLength(2)
    await desk.byId('summary-review').click()
    await desk.fill('review-note', '已审阅，无异常')
    await desk.submit()
    await desk.byId('summary-facts').getByText('已审阅，无异常').waitFor()
  })

  it('lets the auditor begin nothing, not even by the bridge', async () => {
    await desk.area('backup')
    await desk.byId('backup-overview').waitFor()
    expect(await desk.byId('run-full').count()).toBe(0)
    expect(await asked('backupRun', { kind: 'full' })).toMatchObject(refused)
    expect(await asked('alarmsAcknowledge', { id: 'any', note: '不该由我' })).toMatchObject(refused)
    expect(await asked('protectionScrub')).toMatchObject(refused)
  })

  it('lets the system administrator back up and try a restore, and tells the result in plain words', async () => {
    await sitDown('zhao.jing')
    await desk.area('backup')
    await desk.byId('backup-says-loss').getByText('还没有成功的备份').waitFor()
    await desk.byId('run-full').click()
    await desk.byId('backup-says-good-full').getByText('完整备份成功，已校验').waitFor()
    await desk.byId('run-drill').click()
    await desk.byId('backup-says-drill').getByText('通过').waitFor()
    await part('backup', '恢复演练')
    const drill = desk.byId('drill')
    await drill.getByText('审计链完整').waitFor()
    expect(await drill.textContent()).not.toContain('未通过')
    await part('backup', '备份清单')
    expect(await desk.byId('backups-row').getAttribute('data-state')).toBe('good')
    // What the audit says is not theirs to see.
    expect(await asked('auditAnomalies', { from: 0, to: Date.now() })).toMatchObject(refused)
  })

  it('shows a byte that was flipped in the database as alarm and damage, and restores what a backup has', async () => {
    await sitDown('zhou.hai')
    await desk.area('labels')
    await desk.byId('glass-breaks-row').click()
    await desk.byId('glass-review').click()
    await window.page.getByLabel('合理', { exact: true }).check()
    await desk.fill('glass-note', '急诊抢救，情况属实')
    await desk.submit()
    await desk.byId('glass-waiting').waitFor({ state: 'detached' })
    // The order is in the backup; the review is of after it.
    for (const column of ['orders.sealed_order', 'glass_reviews.sealed_review']) flipOneByte(column)

    await sitDown('zhao.jing')
    await desk.area('protection')
    await part('protection', '巡检')
    await desk.byId('scrub-now').click()
    await desk.byId('scrub-runs').getByText('发现损坏').waitFor()
    await desk.byId('protection-part').getByText('损坏清单 1').click()
    const lost = desk.row('damage', 'glass_reviews.sealed_review')
    expect(await lost.textContent()).toContain('紧急访问复核')
    expect(await lost.getAttribute('data-state')).toBe('isolated')
    const found = desk.row('damage', '检查申请')
    expect(await found.getAttribute('data-state')).toBe('restored')
    await found.getByText('备份 2').waitFor()
    await lost.click()
    await desk.byId('damage-facts').getByText('glass_reviews').waitFor()

    await desk.byId('alarm-bell').click()
    const alarm = desk.row('alarms', '存储的数据损坏').filter({ hasText: '紧急访问复核' })
    await alarm.getByText('告警中').waitFor()
    await desk.row('alarms', '检查申请').getByText('已恢复').waitFor()
    await alarm.click()
    await desk.byId('alarm-acknowledge').click()
    await desk.fill('alarm-note', '已换磁盘，等待安全保密员重新复核')
    await desk.submit()
    await alarm.getByText('已确认').waitFor()
    // Nothing of what is damaged, and of nobody, stands in what the officers see.
    expect(await desk.byId('alarms-screen').textContent()).not.toContain(restricted.patientName)
  })

  it('raised no complaint in the window', () => {
    expect(complaintsBeyondCutOff(window)).toEqual([])
  })
})

/** The page, for code that runs in it. */
interface WithBridge {
  vigil: Record<string, (args: unknown) => Promise<unknown>>
}

const refused = { ok: false, failure: { code: 'permission-denied' } }

/** In the hospital's time, as the report's period. */
function today(): string {
  const at = new Date()
  const two = (value: number) => String(value).padStart(2, '0')
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`
}
