import { renameSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { enrolWorkstation } from '../../demo/enrol.ts'
import { type Running, startGateway } from '../../demo/processes.ts'
import { ensureSecretService, type SecretService } from '../../src/main/vault/secret-service.ts'
import { softHsmMissing } from '../main/tokens/softhsm.ts'
import { createHospital, demoOrder, type Hospital } from './hospital.ts'
import { stopAtFirstFailure } from './steps.ts'
import { type OpenWindow, openWindow, shellUnderTest } from './window.ts'

/** What may go wrong between sign-in and sign-out: keys pulled, processes killed, a second workstation, certificates gone bad. */

const pin = '135790'
const day = 86_400_000
const order = demoOrder('CT26011008')

describe.skipIf(softHsmMissing)(`a session and its accidents (${shellUnderTest} shell)`, () => {
  let hospital: Hospital
  let secrets: SecretService
  let gateway: Running
  let first: { configFile: string; dataDir: string }
  let second: { configFile: string; dataDir: string }
  let window: OpenWindow
  let page: Page

  const byId = (id: string) => page.getByTestId(id)
  const restart = async () => {
    window = await openWindow(first.configFile)
    page = window.page
  }

  async function signIn(on: Page, login: string): Promise<void> {
    await on.getByText(`${login}`, { exact: false }).first().click()
    await on.getByTestId('pin').fill(pin)
    await on.keyboard.press('Enter')
  }

  async function openStudy(): Promise<void> {
    await page.locator(`[data-testid=worklist-row][data-accession=${order.accessionNumber}]`).dblclick()
    await page.locator('[data-viewport-state=loaded]').first().waitFor()
    await byId('editor-findings').waitFor()
  }

  const pullKey = (login: string) =>
    renameSync(join(hospital.media, login), join(hospital.dir, `${login}.out`))
  const insertKey = (login: string) =>
    renameSync(join(hospital.dir, `${login}.out`), join(hospital.media, login))

  beforeAll(async () => {
    hospital = await createHospital({ archive: { kind: 'folder' } })
    const people = [
      { login: 'li.wei', name: '李伟' },
      { login: 'zhang.min', name: '张敏' },
    ]
    for (const person of people) {
      await hospital.addPerson({ ...person, roles: ['radiologist'], pin, on: 'pkcs12' })
    }
    await hospital.addOrders([order])
    await hospital.addImages([order])
    gateway = await startGateway(hospital.gatewayDir)
    secrets = await ensureSecretService(hospital.dir)
    first = hospital.workstation('阅片室 1 号')
    second = hospital.workstation('阅片室 2 号')
    for (const { configFile } of [first, second]) await enrolWorkstation(configFile, hospital.gatewayDir)
    await restart()
  })
  stopAtFirstFailure(() => window?.page)
  afterAll(async () => {
    await window?.close()
    await gateway?.stop()
    secrets?.stop()
    hospital?.remove()
  })

  it('signs in with a PKCS#12 key on removable media and opens a study', async () => {
    await signIn(page, 'li.wei')
    await byId('worklist').waitFor()
    await openStudy()
    await byId('editor-findings').click()
    await page.keyboard.insertText('左侧基底节区脑出血。')
    await expect.poll(() => byId('save-state').getAttribute('data-state')).toBe('gateway')
  })

  it('locks when the key is pulled: image and text leave the window, main answers nothing clinical', async () => {
    pullKey('li.wei')
    await byId('lock-screen').waitFor()
    const html = await page.content()
    for (const clinical of [order.patientName, '基底节', order.accessionNumber, '<canvas']) {
      expect(html).not.toContain(clinical)
    }
    const refused = await page.evaluate(async (study) => {
      const bridge = (globalThis as unknown as { vigil: Record<string, (args?: object) => Promise<unknown>> })
        .vigil
      return [
        await bridge.worklistList!({ filter: { status: 'all' }, sort: null, offset: 0, limit: 10 }),
        await bridge.studyOpen!({ study }),
        await bridge.reportOpen!({ study }),
      ]
    }, order.studyInstanceUid!)
    for (const answer of refused)
      expect(answer).toMatchObject({ ok: false, failure: { code: 'session-locked' } })
    await expect
      .poll(() =>
        hospital.withFoundation((f) => f.store.db.selectFrom('sessions').select('state').executeTakeFirst()),
      )
      .toEqual({ state: 'locked' })
  })

  it("does not unlock by another person's key", async () => {
    await byId('pin').fill(pin)
    await byId('unlock').click()
    await page.locator('[data-code]').first().waitFor()
    expect(await byId('lock-screen').count()).toBe(1)
  })

  it('unlocks by the same key, and everything is where it was', async () => {
    insertKey('li.wei')
    await page
      .getByText('li.wei')
      .first()
      .waitFor({ timeout: 10_000 })
      .catch(() => {})
    await byId('pin').fill(pin)
    await byId('unlock').click()
    await byId('editor-findings').waitFor()
    expect(await byId('editor-findings').textContent()).toContain('左侧基底节区脑出血。')
  })

  it('loses nothing typed two seconds before a kill, even with the gateway down', async () => {
    await gateway.stop()
    await byId('editor-findings').click()
    await page.keyboard.press('Control+End')
    await page.keyboard.insertText('破入侧脑室。')
    await wait(2000)
    await page.keyboard.insertText('中')
    window.process.process.kill('SIGKILL')
    await window.process.ended
    await window.close()

    gateway = await startGateway(hospital.gatewayDir)
    await restart()
    await signIn(page, 'li.wei')
    await byId('worklist').waitFor()
    await openStudy()
    expect(await byId('editor-findings').textContent()).toContain('左侧基底节区脑出血。破入侧脑室。')
  })

  it('keeps local drafts as ciphertext', () => {
    expect(hospital.filesContaining('破入侧脑室')).toEqual([])
  })

  it('goes on by itself after a kill of the gateway', async () => {
    gateway.process.kill('SIGKILL')
    await gateway.ended
    await byId('editor-findings').click()
    await page.keyboard.press('Control+End')
    await page.keyboard.insertText('中线右移。')
    await expect.poll(() => byId('save-state').getAttribute('data-state')).toBe('local')
    gateway = await startGateway(hospital.gatewayDir)
    await expect
      .poll(() => byId('save-state').getAttribute('data-state'), { timeout: 30_000 })
      .toBe('gateway')
  })

  it('explains on the first workstation that the account signed in on a second', async () => {
    const other = await openWindow(second.configFile)
    try {
      await signIn(other.page, 'li.wei')
      // The token signs again, so its PIN is asked for again.
      await other.page.getByTestId('take-over').waitFor()
      await other.page.getByTestId('pin').fill(pin)
      await other.page.getByTestId('take-over').click()
      await other.page.getByTestId('worklist').waitFor()
      await page.getByText('阅片室 2 号').waitFor()
      expect(await page.content()).not.toContain(order.patientName)
      await other.page.getByTestId('sign-out').click()
    } finally {
      await other.close()
    }
  })

  it.each([
    [
      'an unknown certificate',
      'account-unknown',
      async () => {
        await hospital.addKey({ login: 'nobody', name: '路人', pin })
        return 'nobody'
      },
    ],
    [
      'an expired certificate',
      'certificate-expired',
      async () => {
        await hospital.addKey({
          login: 'old',
          name: '过期',
          pin,
          notBefore: Date.now() - 30 * day,
          notAfter: Date.now() - day,
        })
        return 'old'
      },
    ],
    [
      'a revoked certificate',
      'certificate-revoked',
      async () => {
        const key = await hospital.addPerson({
          login: 'gone',
          name: '离职',
          roles: ['radiologist'],
          pin,
          on: 'pkcs12',
        })
        await hospital.revoke([key.serialNumber])
        return 'gone'
      },
    ],
  ])('refuses %s with a sentence that says what to do, and audits it', async (_, code, arrange) => {
    const login = await arrange()
    await page.getByText(login, { exact: false }).first().waitFor()
    await signIn(page, login)
    await page.locator(`[data-code=${code}]`).waitFor()
    await expect
      .poll(async () => {
        const rows = await hospital.withFoundation((foundation) => foundation.audit.tail())
        return rows.some((entry) => entry.action === 'sign-in.refused' && entry.detail.code === code)
      })
      .toBe(true)
  })

  it('says so where the gateway is down', async () => {
    await gateway.stop()
    await signIn(page, 'zhang.min')
    await page.locator('[data-code=gateway-unreachable]').waitFor()
    gateway = await startGateway(hospital.gatewayDir)
  })

  it('locks by itself when nobody touches it, and the gateway ends a session that nobody returns to', async () => {
    await hospital.changePolicy(({ session }) => {
      session.lockAfterMinutes = 0.05
      session.endAfterMinutes = 0.15
    })
    await signIn(page, 'zhang.min')
    await byId('worklist').waitFor()
    await byId('lock-screen').waitFor({ timeout: 15_000 })
    await byId('lock-screen').waitFor({ state: 'detached', timeout: 30_000 })
    await byId('pin').waitFor()
    const ended = await hospital.withFoundation((f) =>
      f.store.db.selectFrom('sessions').select('end_reason').orderBy('started_at', 'desc').executeTakeFirst(),
    )
    expect(['idle', 'locked-too-long']).toContain(ended?.end_reason)
  })

  it('leaves an audit chain that verifies', async () => {
    expect((await hospital.withFoundation((foundation) => foundation.audit.verify())).faults).toEqual([])
  })
})
