import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { enrolWorkstation } from '../../demo/enrol.ts'
import { type Running, startGateway } from '../../demo/processes.ts'
import { ensureSecretService, type SecretService } from '../../src/main/vault/secret-service.ts'
import {
  acceptedOf,
  type Hl7Receiver,
  observationOf,
  receiverSkipReason,
  startHl7Receiver,
  textOf,
} from '../hl7-receiver/index.ts'
import { softHsmMissing } from '../main/tokens/softhsm.ts'
import { type AtDesk, atDesk } from './at-desk.ts'
import { type ClinicalDesk, clinicalDesk } from './clinical-desk.ts'
import { createHospital, demoOrder, type Hospital } from './hospital.ts'
import { stopAtFirstFailure } from './steps.ts'
import { type OpenWindow, openWindow, shellUnderTest } from './window.ts'

/**
 * Two quality managers publish a dictionary that a radiologist writes under at once; the alert that follows waits for a second
 * radiologist's key, goes out, is answered by nobody, and climbs until somebody telephones.
 */

const pin = 'larch-553197'
const missing = softHsmMissing || receiverSkipReason
const exam = demoOrder('DX26011043')
const newTerm = '膈下新月征'

describe.skipIf(missing)(
  `from dictionary to telephone (${shellUnderTest} shell)${missing ? `: ${missing}` : ''}`,
  () => {
    let hospital: Hospital
    let secrets: SecretService
    let receiver: Hl7Receiver
    let gateway: Running
    const windows: OpenWindow[] = []
    /** The radiologist's, and the one that quality managers and the second radiologist share. */
    let desk: AtDesk
    let shared: AtDesk
    let sharedUsb: string
    let clinic: ClinicalDesk

    const accepted = (kind: string) => acceptedOf(receiver, kind)
    /** At the shared desk one person locks and takes their key, another comes with theirs. */
    const takeOver = async (before: string, after: string, name: string) => {
      await shared.page.keyboard.press('Control+L')
      await shared.byId('lock-screen').waitFor()
      hospital.pullKey(before, sharedUsb)
      hospital.insertKey(after, sharedUsb)
      await shared.byId('switch-user').click()
      await shared.signIn(after, { pin })
      await shared.isIn(name)
    }
    const part = (name: string) => shared.byId('dictionary-part').getByText(name, { exact: true }).click()
    const deadlines = async (level: string, [receive, handle, hop]: [string, string, string]) => {
      await shared.byId(`deadlines.${level}.receiveMinutes`).fill(receive)
      await shared.byId(`deadlines.${level}.handleMinutes`).fill(handle)
      await shared.byId(`deadlines.${level}.hopMinutes`).fill(hop)
    }

    beforeAll(async () => {
      receiver = await startHl7Receiver()
      hospital = await createHospital({
        archive: { kind: 'folder' },
        criticalTargets: [
          { name: 'his', kind: 'hl7-mllp', host: '127.0.0.1', port: receiver.port, retrySeconds: 0.5 },
        ],
      })
      const person = (login: string, name: string, roles: Parameters<Hospital['addPerson']>[0]['roles']) =>
        hospital.addPerson({ login, name, roles, pin, on: login === 'li.wei' ? 'pkcs11' : 'pkcs12' })
      await person('li.wei', '李伟', ['radiologist'])
      await person('zhang.min', '张敏', ['radiologist', 'quality-manager'])
      await person('chen.yu', '陈宇', ['quality-manager'])
      await hospital.addOrders([exam])
      await hospital.addImages([exam])
      gateway = await startGateway(hospital.gatewayDir)
      secrets = await ensureSecretService(hospital.dir)
      const reading = hospital.workstation('阅片室 1 号', 'own')
      const office = hospital.workstation('质控办 1 号', 'own')
      sharedUsb = office.usb
      for (const { configFile } of [reading, office]) await enrolWorkstation(configFile, hospital.gatewayDir)
      windows.push(await openWindow(reading.configFile, { env: { SOFTHSM2_CONF: hospital.hsm.conf } }))
      windows.push(await openWindow(office.configFile))
      ;[desk, shared] = windows.map(({ page }) => atDesk(page)) as [AtDesk, AtDesk]
      clinic = clinicalDesk(desk)
    })
    stopAtFirstFailure(() => shared?.page)
    afterAll(async () => {
      for (const window of windows) await window.close()
      await gateway?.stop()
      await receiver?.stop()
      secrets?.stop()
      hospital?.remove()
    })

    it('has a radiologist write what the dictionary does not know', async () => {
      await desk.signIn('李伟', { pin })
      await clinic.open(exam.accessionNumber)
      await clinic.write(`右侧可见${newTerm}。`)
      await expect.poll(() => desk.byId('save-state').getAttribute('data-state')).toBe('gateway')
      expect(await desk.byId('finding').count()).toBe(0)
    })

    it('drafts another dictionary: a term, deadlines of seconds, 双人核对 at all hours', async () => {
      hospital.insertKey('chen.yu', sharedUsb)
      await shared.signIn('chen.yu', { pin })
      await shared.isIn('陈宇')
      await shared.area('dictionary')
      await shared.byId('in-force').waitFor()
      await shared.byId('begin-draft').click()
      await shared.byId('draft').waitFor()
      await shared.byId('entry-search').fill('GI_PERFORATION')
      await shared.byId('entry-row').first().click()
      await shared.byId('term-text').last().press('Enter')
      await shared.page.keyboard.insertText(newTerm)
      await part('规则')
      await deadlines('red', ['0.05', '5', '0.05'])
      await shared.byId('add-contact').click()
      const contact = shared.byId('contact').last()
      await contact.locator('select').selectOption('duty-office')
      await contact.locator('input').nth(2).fill('总值班室')
      await contact.locator('input').nth(3).fill('8000')
      await shared.byId('rules-check').selectOption('required')
      await shared.page.getByLabel('急诊').uncheck()
      await shared.page.getByLabel('夜间').first().uncheck()
      await shared.byId('draft-note').fill('膈下新月征列入；双人核对')
      await expect.poll(() => shared.byId('draft-save').getAttribute('data-state')).toBe('saved')
    })

    it('tries it on past reports, and lets nobody approve what they wrote', async () => {
      await shared.byId('next-step').click()
      await shared.byId('dry-run-begin').click()
      await expect.poll(() => shared.byId('draft').getAttribute('data-state')).toBe('tested')
      await shared.byId('next-step').click()
      await shared.byId('approval-conditions').waitFor()
      expect(await shared.byId('approve').isDisabled()).toBe(true)
    })

    it('is approved by a second person with a key of their own, and is in the open editor within 5 s', async () => {
      await takeOver('chen.yu', 'zhang.min', '张敏')
      await shared.area('dictionary')
      await shared.byId('next-step').click()
      await shared.byId('approval').getByText(newTerm).first().waitFor()
      await shared.byId('approve').click()
      const since = performance.now()
      await shared.submit()
      await desk.byId('finding').first().waitFor()
      expect(performance.now() - since).toBeLessThan(5000)
      await shared.byId('draft').waitFor({ state: 'detached' })
      expect(await desk.byId('finding').getAttribute('data-grade')).toBe('positive')
      expect(await desk.byId('editor-findings').textContent()).toContain(newTerm)
    })

    it('holds the alert back until a second radiologist has looked at it', async () => {
      await clinic.toSignOff()
      await desk.byId('decide-alert').click()
      await desk.byId('second-person').waitFor()
      await clinic.sign(pin)
      await desk.byId('signed-waiting').waitFor()
      await desk.byId('alert').and(desk.page.locator('[data-status=awaiting-check]')).waitFor()
      await wait(500)
      expect(receiver.messages).toHaveLength(0)
      await desk.byId('signed-close').click()
    })

    it('asks the second at the other desk, and lets it go by their signature', async () => {
      const notice = shared.page.locator('[data-testid=attention-notice][data-why=check-requested]')
      await notice.getByTestId('attention-open').click()
      const form = shared.byId('alert-check-form')
      expect(await form.textContent()).toContain(exam.patientName)
      for (const each of ['patient', 'finding', 'content', 'recipient'])
        await shared.byId(`check-${each}`).click()
      await form.getByTestId('pin').fill(pin)
      await shared.byId('alert-check-form-submit').click()
      await receiver.until(() => accepted('notice').length === 1)
      expect(JSON.stringify(accepted('notice')[0]!.segments)).toContain('张敏')
      await clinic.openAlert(exam.accessionNumber)
      await clinic.happened('checked').getByText('张敏').first().waitFor()
      await clinic.closePanel()
    })

    it('climbs from the ward to the doctor and the duty office while nobody answers, and says so over the work', async () => {
      await receiver.until(() => accepted('escalation').length >= 2, 30_000)
      const told = accepted('escalation').map((message) => textOf(observationOf(message, 'CV-RECIPIENT')))
      expect(told[0]).toContain(exam.orderingDoctor)
      expect(told[1]).toContain('总值班室')
      const notice = desk.byId('attention-notice').filter({ hasText: exam.patientName })
      await notice.and(desk.page.locator('[data-why=exhausted]')).waitFor()
      await desk.byId('attention-open').first().click()
      await desk.byId('alert-hops').getByText('总值班室').waitFor()
      expect(await desk.byId('alert-hops').locator('li').count()).toBe(2)
    })

    it('ends with a telephone call that is recorded: whom, when, and that they repeated it', async () => {
      const form = desk.byId('alert-call-form')
      await form.getByRole('button', { name: /总值班室/ }).click()
      await desk.byId('call-name').fill('值班主任 马超')
      await desk.byId('call-reached').click()
      await desk.byId('call-read-back').click()
      await desk.byId('alert-call-form-submit').click()
      await clinic.stands('received')
      const called = (await clinic.happened('called').textContent()) ?? ''
      for (const words of ['马超', '8000', '复读']) expect(called).toContain(words)
      await desk.byId('attention-notice').waitFor({ state: 'detached' })
    })

    it('leaves an audit that verifies, nothing readable in a file, and no complaint in a window', async () => {
      expect((await hospital.withFoundation((foundation) => foundation.audit.verify())).faults).toEqual([])
      for (const needle of [pin, exam.patientName, newTerm, '马超'])
        expect(hospital.filesContaining(needle), needle).toEqual([])
      expect(windows.flatMap(({ complaints }) => complaints)).toEqual([])
    })
  },
)
