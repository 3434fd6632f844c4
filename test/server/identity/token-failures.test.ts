import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type TokenFailure, TokenFailureCode } from '../../../src/shared/api/index.ts'
import { movableClock, startGateway, type TestGateway, type TestWorkstation } from '../gateway-harness.ts'

const { clock, advance } = movableClock()
const failure: TokenFailure = { code: 'pin-wrong', purpose: 'sign-in', at: 1_790_000_000_000 }
const certificate = 'ab'.repeat(32)

let gateway: TestGateway
beforeAll(async () => {
  gateway = await startGateway({ clock })
})
afterAll(() => gateway.close())

/** A workstation of its own for each test: the rate is each workstation's. */
async function reporting(name: string) {
  const workstation = await gateway.workstation(name)
  const channel = gateway.connect(workstation.identity)
  return { workstation, report: (failures: unknown) => channel.call('tokenFailures', { body: { failures } }) }
}
const rowsOf = async (workstation: TestWorkstation) =>
  (await gateway.foundation.audit.tail()).filter(
    (row) => row.action === 'token.failed' && row.workstation === workstation.id,
  )
const times = (count: number) => Array.from({ length: count }, () => failure)

describe('failures at the workstation', () => {
  it('are audited one by one, with where they came from', async () => {
    const { workstation, report } = await reporting('one')
    const failures = [
      ...TokenFailureCode.options.map((code) => ({ ...failure, code })),
      { ...failure, code: 'pin-locked', purpose: 'sign-off', certificate },
    ]
    expect(await report(failures)).toMatchObject({ status: 200, body: {} })
    const rows = await rowsOf(workstation)
    expect(rows.map((row) => row.detail).reverse()).toEqual(failures)
    expect(rows[0]).toMatchObject({
      outcome: 'refused',
      actor: `workstation:${workstation.id}`,
      address: '127.0.0.1',
      at: clock(),
    })
    expect(await gateway.foundation.audit.verify()).toMatchObject({ faults: [] })
  })

  it('cannot fill the audit: what comes too fast is refused whole, and taken later', async () => {
    const { workstation, report } = await reporting('two')
    for (let i = 0; i < 4; i += 1) expect((await report(times(50))).status).toBe(200)
    expect(await report(times(50))).toMatchObject({
      status: 429,
      body: { code: 'too-many-requests', facts: { retryAfterMs: 300_000 } },
    })
    const before = await gateway.foundation.audit.verify()
    advance(60_000)
    // Being refused has cost nothing: ten have come in, no more.
    expect((await report(times(11))).status).toBe(429)
    expect((await report(times(10))).status).toBe(200)
    expect((await gateway.foundation.audit.verify()).rows).toBe(before.rows + 10)
    expect((await rowsOf(workstation)).length).toBeGreaterThanOrEqual(190)
    const other = await reporting('three')
    expect((await other.report(times(50))).status).toBe(200)
  })

  it.each([
    ['no failure', []],
    ['more than fifty', times(51)],
    ['a code of the gateway', [{ ...failure, code: 'account-unknown' }]],
    ['an unknown purpose', [{ ...failure, purpose: 'other' }]],
    ['a time that is none', [{ ...failure, at: 'now' }]],
    ['a certificate that is not a hash', [failure, { ...failure, certificate: '张三' }]],
  ])('are refused with %s, and nothing is audited', async (name, failures) => {
    const { workstation, report } = await reporting(`bad ${name}`)
    const answer = await report(failures)
    expect(answer).toMatchObject({ status: 400, body: { code: 'bad-request', facts: { where: 'body' } } })
    expect(answer.body.facts.field).toMatch(/^failures/)
    expect(await rowsOf(workstation)).toEqual([])
  })

  it('leave nothing else of the report in the audit', async () => {
    const { workstation, report } = await reporting('chatty')
    expect((await report([{ ...failure, pin: '123456', name: '张三' }])).status).toBe(200)
    expect((await rowsOf(workstation)).map((row) => row.detail)).toEqual([failure])
  })

  it('are not taken from a session', async () => {
    const workstation = await gateway.workstation('four')
    const { channel } = await gateway.session(workstation, await gateway.person('reader'))
    expect(await channel.call('tokenFailures', { body: { failures: [failure] } })).toMatchObject({
      status: 403,
      body: { code: 'permission-denied' },
    })
  })
})

describe('the audit tail', () => {
  it('tells the workstation and the address of a person', async () => {
    const workstation = await gateway.workstation('five')
    await gateway.session(workstation, await gateway.person('second'))
    const [row] = await gateway.foundation.audit.tail()
    expect(row).toMatchObject({
      action: 'sign-in.accepted',
      workstation: workstation.id,
      address: '127.0.0.1',
    })
  })
})
