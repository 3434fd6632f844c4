import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { enrolmentTicket } from '../../demo/enrol.ts'
import { type Running, startGateway } from '../../demo/processes.ts'
import type { Order } from '../../src/shared/order/index.ts'
import { findLeaks } from '../attack/leaks.ts'
import { fieldOf, type Hl7Receiver, receiverSkipReason, startHl7Receiver } from '../hl7-receiver/index.ts'
import { softHsmMissing } from '../main/tokens/softhsm.ts'
import { type Orthanc, orthancMissing, startOrthanc } from '../orthanc.ts'
import { createHospital, type Hospital } from './hospital.ts'
import { filesByInstance, referenceStatistics } from './reference-decode.ts'
import { stopAtFirstFailure } from './steps.ts'
import { listening, type OpenWindow, openWindow, shellUnderTest } from './window.ts'

/** A DOM element's data attributes, for code that runs in the page. */
interface Dataset {
  dataset: Record<string, string>
}

/** From USB key to delivered alert, through the real window; each step builds on the one before. */

const shared = process.env.VIGIL_SHARED ?? join(import.meta.dirname, '../../../shared')
const ctFolder = join(shared, 'data/dicom/ct_series_58')
const charsets = join(shared, 'data/dicom/charset-pydicom')
const missing =
  softHsmMissing ||
  orthancMissing() ||
  receiverSkipReason ||
  (existsSync(ctFolder) ? null : `${shared} is not there`)
const ctStudy = '1.3.46.670589.33.1.15053592413351079234.27718218421047494460'
const pin = '246810'

describe.skipIf(missing)(
  `from USB key to delivered alert (${shellUnderTest} shell)${missing ? `: ${missing}` : ''}`,
  () => {
    let pacs: Orthanc
    let receiver: Hl7Receiver
    let hospital: Hospital
    let gateway: Running
    let window: OpenWindow
    let page: Page
    let configFile: string
    const ctFiles = existsSync(ctFolder)
      ? readdirSync(ctFolder)
          .filter((name) => name.endsWith('.dcm'))
          .map((name) => join(ctFolder, name))
      : []

    const byId = (id: string) => page.getByTestId(id)
    const row = (study: string) => page.locator(`[data-testid=worklist-row][data-study="${study}"]`)
    const text = async (id: string) => (await byId(id).textContent()) ?? ''

    beforeAll(async () => {
      receiver = await startHl7Receiver()
      hospital = await createHospital({
        archive: { kind: 'folder' },
        criticalTargets: [
          { name: 'his', kind: 'hl7-mllp', host: '127.0.0.1', port: receiver.port, retrySeconds: 0.5 },
        ],
      })
      pacs = await startOrthanc({ dir: join(hospital.dir, 'orthanc') })
      await pacs.upload([...ctFiles, join(charsets, 'chrX1.dcm'), join(charsets, 'chrX2.dcm')])
      hospital.configure({ archive: { kind: 'dicomweb', url: pacs.dicomwebUrl } })
      await hospital.addPerson({ login: 'li.wei', name: '李伟', roles: ['radiologist'], pin, on: 'pkcs11' })
      await hospital.addOrders([order])
      gateway = await startGateway(hospital.gatewayDir)
      configFile = hospital.workstation('阅片室 1 号').configFile
      window = await openWindow(configFile, { env: { SOFTHSM2_CONF: hospital.hsm.conf } })
      page = window.page
    })
    stopAtFirstFailure(() => window?.page)

    afterAll(async () => {
      await window?.close()
      await gateway?.stop()
      await receiver?.stop()
      await pacs?.stop()
      hospital?.remove()
    })

    it('enrols with the one-time ticket', async () => {
      await byId('enrolment-ticket').fill(await enrolmentTicket(hospital.gatewayDir))
      await listening(hospital.enrolmentPort)
      await byId('enrolment-name').fill('阅片室 1 号')
      await byId('enrol').click()
      await byId('sign-in').waitFor()
      const workstations = await hospital.withFoundation((f) =>
        f.store.db.selectFrom('workstations').selectAll().execute(),
      )
      expect(workstations).toHaveLength(1)
    })

    it('refuses a wrong PIN with a sentence that says so, and signs in with the right one', async () => {
      await page.getByText('李伟').waitFor()
      await byId('pin').fill('000000')
      await page.keyboard.press('Enter')
      await page.getByText('PIN 不正确').waitFor()
      expect(await page.getByTestId('worklist').count()).toBe(0)
      await byId('pin').fill(pin)
      await page.keyboard.press('Enter')
      await byId('worklist').waitFor()
      expect(await text('who')).toContain('李伟')
    })

    it('lists the PACS studies, Chinese names in GB18030 and UTF-8 included', async () => {
      await row(ctStudy).waitFor()
      const names = await page.locator('[data-testid=worklist-row]').allTextContents()
      expect(names.some((line) => line.includes('欧阳测试'))).toBe(true)
      expect(names.filter((line) => /王\s*小[东東]/.test(line))).toHaveLength(2)
    })

    it('opens the study, and shows the pixels that dcmtk decodes', async () => {
      await row(ctStudy).dblclick()
      const pane = page.locator('[data-viewport-state=loaded]').first()
      await pane.waitFor()
      const files = filesByInstance(ctFiles)
      for (const key of ['Home', 'End', 'PageUp']) {
        await pane.press(key)
        await page.waitForTimeout(700)
        await page.locator('[data-viewport-state=loaded][data-pixel-mean]').first().waitFor()
        const shown = await pane.evaluate((element) => ({ ...(element as unknown as Dataset).dataset }))
        const file = files.get(shown.sopInstanceUid ?? '')
        expect(file, `instance ${shown.sopInstanceUid}`).toBeDefined()
        const reference = referenceStatistics(file!)
        expect(Number(shown.pixelMin)).toBe(reference.min)
        expect(Number(shown.pixelMax)).toBe(reference.max)
        expect(Number(shown.pixelMean)).toBeCloseTo(reference.mean, 3)
      }
    })

    it('lights up critical terms by grade while typing', async () => {
      await byId('editor-findings').click()
      await page.keyboard.insertText('右侧胸腔见大量气胸，肺压缩约60%。左侧未见气胸。')
      await byId('editor-impression').click()
      await page.keyboard.insertText('右侧大量气胸。')
      await expect.poll(() => page.getByTestId('finding').count()).toBe(3)
      const grades = await page
        .getByTestId('finding')
        .evaluateAll((all) => all.map((e) => (e as unknown as Dataset).dataset.grade))
      expect(grades.toSorted()).toEqual(['negated', 'positive', 'positive'])
      await expect.poll(() => byId('save-state').getAttribute('data-state')).toBe('gateway')
    })

    it('signs off only once every finding is decided, with the token', async () => {
      await page.keyboard.press('Control+Enter')
      // An empty impression is confirmed first.
      await byId('hand-go').or(byId('sign-off-form')).first().waitFor()
      if ((await byId('hand-go').count()) > 0) await byId('hand-go').click()
      await byId('sign-off-form').waitFor()
      const decisions = page.getByTestId('decision')
      await expect.poll(() => decisions.count()).toBe(2)
      await byId('pin').fill(pin)
      await byId('sign-off-sign').click()
      expect(await text('sign-off-progress')).toContain('0 / 2')
      expect(await byId('signed-summary').count()).toBe(0)
      await decisions.nth(0).getByTestId('decide-dismiss').click()
      await decisions.nth(0).locator('[data-testid^=reason-]').first().click()
      await decisions.nth(1).getByTestId('decide-alert').click()
      await decisions.nth(1).getByTestId('alert-edit').click()
      await byId('alert-content').fill('右侧大量气胸，肺压缩约60%，请立即处理')
      await byId('pin').fill(pin)
      await byId('sign-off-sign').click()
      await byId('signed-summary').waitFor()
    })

    it('delivers the alert, with patient, order, exam, type and content intact', async () => {
      await receiver.until((messages) => messages.length === 1)
      const [message] = receiver.messages
      const all = JSON.stringify(message!.segments)
      for (const part of [
        '欧阳测试',
        'PLASTIC',
        'ACC20261122',
        '胸部CT平扫',
        '右侧大量气胸，肺压缩约60%，请立即处理',
        '12床',
        '李伟',
      ]) {
        expect(all, part).toContain(part)
      }
      expect(JSON.stringify(fieldOf(message!, 'MSH', 9))).toContain('ORU')
      expect(JSON.stringify(fieldOf(message!, 'PID', 5))).toContain('欧阳测试')
      await expect.poll(() => byId('delivery').first().getAttribute('data-state')).toBe('delivered')
    })

    it('leaves an audit chain that verifies, and no name, text or PIN in any file of gateway or workstation', async () => {
      const { faults, rows } = await hospital.withFoundation((foundation) => foundation.audit.verify())
      expect(faults).toEqual([])
      expect(rows).toBeGreaterThan(8)
      const secrets = {
        name: '欧阳测试',
        patient: 'PLASTIC',
        accession: 'ACC20261122',
        phone: '13800000000',
        ward: '呼吸内科',
        clinical: '突发胸痛',
        finding: '右侧胸腔见大量气胸',
        impression: '右侧大量气胸。',
        alert: '请立即处理',
        study: ctStudy,
        radiologist: '李伟',
        login: 'li.wei',
        pin,
      }
      for (const folder of ['gateway', 'workstations']) {
        // The workstation's configuration is the installer's, and names the media of each person.
        const { files, found } = findLeaks(join(hospital.dir, folder), secrets, { except: /config\.json$/ })
        expect(files.length, folder).toBeGreaterThan(0)
        expect(found).toEqual([])
      }
    })

    it('raised no complaint in the window: no console error, no policy violation', () => {
      expect(window.complaints).toEqual([])
    })
  },
)

const order: Order = {
  accessionNumber: 'ACC20261122',
  applicationNumber: 'APP7788',
  studyInstanceUid: ctStudy,
  // As in the images: an order of another patient is never taken for the study's, whatever UID it names.
  patientId: 'PLASTIC',
  patientName: '欧阳测试',
  patientNamePinyin: 'Ouyang Ceshi',
  sex: 'M',
  birthDate: '19700203',
  patientClass: 'inpatient',
  visitNumber: 'ZY7788',
  ward: '呼吸内科',
  bed: '12床',
  phone: '13800000000',
  itemCode: 'CT001',
  itemName: '胸部CT平扫',
  bodyPart: '胸部',
  modality: 'CT',
  priority: 'stat',
  orderingDoctor: '陈医生',
  orderingDepartment: '呼吸内科',
  clinicalInfo: '突发胸痛',
  orderedAt: Date.now() - 3_600_000,
  scheduledAt: Date.now() - 1_800_000,
}
