import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { startGateway, type TestGateway, type TestPerson } from '../server/gateway-harness.ts'
import { type Desk, openDesk, ticketOf } from './desk.ts'

/** How often the gateway is asked what it has to say to this workstation. */
describe('the status of the gateway', () => {
  const newPassword = { minLength: 10, minClasses: 3, history: 5 }
  const rules = { password: false, fallback: false, newPassword }
  let asked = 0
  let gateway: TestGateway
  let person: TestPerson
  let desk: Desk

  beforeAll(async () => {
    const status = async () => {
      asked += 1
      const { gatewayId } = gateway.foundation
      const about = { version: '0', renewCertificate: false, gatewayCas: [] }
      return { gatewayId, now: Date.now(), signIn: { ...rules }, ...about }
    }
    gateway = await startGateway({ tuning: { handlers: { status } as never, checkResponses: false } })
    person = await gateway.person('zhang')
  })
  afterEach(() => desk.close())
  afterAll(() => gateway.close())

  async function signedIn(statusEveryMs: number) {
    desk = await openDesk({ probeEveryMs: 100, statusEveryMs })
    expect(await desk.value('workstation.sign-in-rules')).toBe(null)
    await desk.enrol(await ticketOf(gateway))
    desk.insert(person, 'zhang')
    expect(await desk.signIn('zhang')).toMatchObject({ ok: true })
    await new Promise((resolve) => setTimeout(resolve, 300))
    asked = 0
  }

  it('is asked often while nobody is signed in, and what it says of sign-in is current', async () => {
    await signedIn(3_600_000)
    await desk.value('session.sign-out')
    await expect.poll(() => asked).toBeGreaterThan(3)
    rules.password = true
    await expect
      .poll(() => desk.value('workstation.sign-in-rules'))
      .toEqual({ password: true, fallback: false, newPassword })
  })

  it('is asked now and then while somebody is', async () => {
    await signedIn(400)
    await new Promise((resolve) => setTimeout(resolve, 1_600))
    expect(asked).toBeGreaterThanOrEqual(2)
    expect(asked).toBeLessThanOrEqual(5)
    expect(desk.shell.lastState()).toMatchObject({ phase: 'active' })
  })

  it('is left alone in between', async () => {
    await signedIn(3_600_000)
    await new Promise((resolve) => setTimeout(resolve, 600))
    expect(asked).toBe(0)
  })
})
