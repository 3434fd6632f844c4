import { writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { createHospitalCa } from '../../../../demo/hospital-ca.ts'
import { isCurrent } from '../../../../src/server/identity/revocation/lists.ts'
import {
  startGateway,
  type TestGateway,
  type TestPerson,
  type TestWorkstation,
} from '../../gateway-harness.ts'
import { signIn } from '../../sign-in-client.ts'

const minute = 60_000
const hour = 60 * minute

let gateway: TestGateway
let workstation: TestWorkstation
let server: Server | null = null
afterEach(async () => {
  await gateway?.close()
  gateway = undefined as unknown as TestGateway
  server?.closeAllConnections()
  server?.close()
  server = null
})

/** The hospital's distribution point; what it serves can be changed. */
async function distributionPoint(): Promise<{ url: string; serve(body: string | null): void }> {
  let body: string | null = null
  const made = createServer((_, answer) => {
    if (body === null) answer.writeHead(503).end()
    else answer.end(body)
  })
  await new Promise<void>((resolve) => made.listen(0, '127.0.0.1', resolve))
  server = made
  return {
    url: `http://127.0.0.1:${(made.address() as AddressInfo).port}/hospital.crl`,
    serve: (next) => {
      body = next
    },
  }
}

const attempt = async (person: TestPerson) => {
  const answer = await signIn(gateway.connect(workstation.identity), person.signer, workstation.id, {
    takeOver: true,
  })
  return answer.status === 200 ? 'ok' : answer.body.code
}

/** Until it holds; the caller's time limit ends what never does. */
async function until(holds: () => Promise<boolean>): Promise<number> {
  const begun = Date.now()
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 20))
  return Date.now() - begun
}

describe('a list from a URL', () => {
  it('is fetched on schedule, kept over a restart, and never gives way to an older or a foreign one', async () => {
    const point = await distributionPoint()
    const config = { identity: { crlFiles: [], crlUrls: [point.url], crlRefreshMinutes: 0.05 } }
    gateway = await startGateway({ config })
    workstation = await gateway.workstation('one')
    const person = await gateway.person('reader')
    const colleague = await gateway.person('colleague')
    expect(await attempt(person)).toBe('revocation-unknown')

    const now = Date.now()
    const times = { nextUpdate: now + 24 * hour }
    const empty = await gateway.hospital.revocationList({ revoked: [], thisUpdate: now - hour, ...times })
    point.serve(empty)
    await until(async () => (await attempt(person)) === 'ok')

    const revoked = [colleague.serialNumber]
    const list = await gateway.hospital.revocationList({ revoked, thisUpdate: now - minute, ...times })
    point.serve(list)
    await gateway.revocation.refresh()
    expect(await attempt(colleague)).toBe('certificate-revoked')

    // What somebody in between would serve: the list from before, one of their own, no list at all.
    const other = await createHospitalCa({ commonName: 'Hospital CA', now })
    const foreign = await other.revocationList({ revoked: [], thisUpdate: now, ...times })
    for (const body of [empty, foreign, 'nothing', null]) {
      point.serve(body)
      await gateway.revocation.refresh()
      expect(await attempt(colleague)).toBe('certificate-revoked')
      expect(await attempt(person)).toBe('ok')
    }

    const { dir, hospital } = gateway
    await gateway.stop()
    gateway = await startGateway({ resume: { dir, hospital } })
    expect(await attempt(colleague)).toBe('certificate-revoked')
    expect(await attempt(person)).toBe('ok')
  }, 60_000)
})

describe('a revoked certificate', () => {
  it('ends the session that it began, within two seconds of the list', async () => {
    gateway = await startGateway()
    workstation = await gateway.workstation('one')
    const [kept, gone] = [await gateway.person('kept'), await gateway.person('gone')]
    const elsewhere = await gateway.workstation('two')
    const going = await gateway.session(workstation, gone)
    const staying = await gateway.session(elsewhere, kept)
    await gateway.revoke([gone.serialNumber])
    const took = await until(
      async () => (await going.channel.call('session').catch(() => null))?.status !== 200,
    )
    expect(took).toBeLessThan(2000)
    const rows = await gateway.foundation.audit.tail(undefined, ['session.ended'])
    expect(rows[0]).toMatchObject({ object: `session:${going.id}`, detail: { reason: 'revoked' } })
    expect((await staying.channel.call('session')).status).toBe(200)
  })

  it('does not end a session by a list that nobody signed', async () => {
    gateway = await startGateway()
    workstation = await gateway.workstation('one')
    const person = await gateway.person('staying')
    const session = await gateway.session(workstation, person)
    const other = await createHospitalCa({ commonName: 'Hospital CA', now: Date.now() })
    const times = { thisUpdate: Date.now() - minute, nextUpdate: Date.now() + hour }
    await writeFile(gateway.crlFile, await other.revocationList({ revoked: [person.serialNumber], ...times }))
    await new Promise((resolve) => setTimeout(resolve, 1500))
    expect((await session.channel.call('session')).status).toBe(200)
  })
})

describe('the age of a list', () => {
  it('older than policy allows is stale, though within its own dates', async () => {
    gateway = await startGateway({ config: { policy: { revocation: { crlLongestAgeHours: 2 } } } })
    workstation = await gateway.workstation('one')
    const person = await gateway.person('reader')
    await gateway.revoke([], { thisUpdate: Date.now() - 3 * hour })
    expect(await attempt(person)).toBe('revocation-unknown')
    await gateway.revoke([], { thisUpdate: Date.now() - hour })
    expect(await attempt(person)).toBe('ok')
    // Stale lists do not forget.
    await gateway.revoke([person.serialNumber], { thisUpdate: Date.now() - 3 * hour })
    expect(await attempt(person)).toBe('certificate-revoked')
  })
})

describe('what counts as current', () => {
  it.each([
    ['current', -hour, hour, true],
    ['over', -hour, -1, false],
    ['not begun', 10 * minute, hour, false],
    ['begun by a clock a little ahead', 4 * minute, hour, true],
    ['too old', -25 * hour, hour, false],
  ] as const)('that is %s', (_, thisUpdate, nextUpdate, expected) => {
    const now = Date.UTC(2026, 0, 1)
    const list = { thisUpdate: now + thisUpdate, nextUpdate: now + nextUpdate }
    expect(isCurrent(list, now, 24 * hour)).toBe(expected)
  })
})
