import { readFile, writeFile } from 'node:fs/promises'
import { createServer, type RequestListener, type Server } from 'node:http'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { freePorts } from '../../../../demo/ports.ts'
import { revocationVerdict } from '../../../../src/server/identity/revocation/decision.ts'
import type { SecurityPolicy } from '../../../../src/shared/policy/index.ts'
import { startGateway, type TestGateway, type TestWorkstation } from '../../gateway-harness.ts'
import { type Signer, signIn } from '../../sign-in-client.ts'
import { createOpensslCa, type OpensslCa } from '../openssl-ca.ts'

type Mode = SecurityPolicy['revocation']['ocsp']

/** The real time, moved: OpenSSL dates what it makes by its own clock. */
let ahead = 0
let ca: OpensslCa
let gateway: TestGateway
let workstation: TestWorkstation
let port: number

/** The policy's mode, for what follows. */
async function mode(ocsp: Mode): Promise<void> {
  const { policies } = gateway.foundation
  const { version, policy } = await policies.version()
  const changed = { ...policy, revocation: { ...policy.revocation, ocsp } }
  const actor = { kind: 'cli', id: 'test' } as const
  await policies.change({ policy: changed, baseVersion: version }, { accountId: 'test', actor })
}

async function person(name: string): Promise<Signer> {
  const signer = await ca.issue(name)
  await gateway.known(name, signer.certificateDer)
  return signer
}

async function attempt(signer: Signer, ocspResponse?: string): Promise<string> {
  const more = ocspResponse === undefined ? {} : { ocspResponse }
  const answer = await signIn(gateway.connect(workstation.identity), signer, workstation.id, more)
  if (answer.status !== 200) return answer.body.code
  await gateway.sessions.end(answer.body.session.id, 'signed-out', { kind: 'cli', id: 'test' })
  return 'ok'
}

let server: Server | null = null

/** Something at the responder's address that is not OpenSSL. */
async function impostor(listener: RequestListener): Promise<void> {
  const made = createServer(listener)
  await new Promise<void>((resolve) => made.listen(port, '127.0.0.1', resolve))
  server = made
}

/** A proxy in front of a real responder, whose address the gateway has. */
async function respond(signer: string): Promise<void> {
  const real = await ca.responder(signer)
  await impostor((request, answer) => {
    void (async () => {
      const body = Buffer.concat(await request.toArray())
      const headers = { 'content-type': 'application/ocsp-request' }
      const told = await fetch(real.url, { method: 'POST', headers, body })
      answer.writeHead(told.status).end(Buffer.from(await told.arrayBuffer()))
    })()
  })
}

beforeAll(async () => {
  ;[port] = (await freePorts(1)) as [number]
  gateway = await startGateway({
    clock: () => Date.now() + ahead,
    config: {
      identity: {
        userCaFiles: ['ca.pem'],
        crlFiles: ['list.crl'],
        ocspUrl: `http://127.0.0.1:${port}/`,
        ocspTimeoutSeconds: 1,
      },
    },
    before: async (dir) => {
      ca = await createOpensslCa(dir)
      await ca.issue('responder', 'responder_ext')
      await ca.publish('PEM')
    },
  })
  workstation = await gateway.workstation('one')
})
afterEach(async () => {
  server?.closeAllConnections()
  server?.close()
  await ca.stopResponders()
  server = null
})
afterAll(() => gateway.close())

describe('an OCSP responder', () => {
  it.each(['ca', 'responder'])('that signs as %s is believed', async (signer) => {
    await mode('fail-closed')
    const [kept, gone] = [await person(`kept-${signer}`), await person(`gone-${signer}`)]
    await ca.revoke(`gone-${signer}`)
    await respond(signer)
    expect(await attempt(kept)).toBe('ok')
    // The list was not published anew: only the responder knows.
    expect(await attempt(gone)).toBe('certificate-revoked')
  })

  it('that was not appointed by the CA is not', async () => {
    await mode('fail-closed')
    const reader = await person('reader')
    await respond('reader')
    expect(await attempt(reader)).toBe('revocation-unknown')
  })

  it('that is away refuses when closed, and leaves it to the list when open', async () => {
    const reader = await person('lonely')
    await mode('fail-closed')
    expect(await attempt(reader)).toBe('revocation-unknown')
    await mode('fail-open')
    expect(await attempt(reader)).toBe('ok')
    await mode('off')
    expect(await attempt(reader)).toBe('ok')
  })

  it('that does not know the certificate refuses, open or closed', async () => {
    const reader = await person('unheard')
    const all = await readFile(ca.at('index.txt'), 'utf8')
    await writeFile(
      ca.at('index.txt'),
      all
        .split('\n')
        .filter((line) => !line.includes('unheard'))
        .join('\n'),
    )
    await respond('ca')
    await mode('fail-open')
    expect(await attempt(reader)).toBe('revocation-unknown')
    await writeFile(ca.at('index.txt'), all)
  })

  it.each([
    ['nonsense', (_: unknown, answer: { end(body: string): void }) => answer.end('not a response')],
    ['too much', (_: unknown, answer: { end(body: string): void }) => answer.end('x'.repeat(200_000))],
    ['nothing at all', () => {}],
  ] as const)('that answers %s counts as away', async (name, listener) => {
    const reader = await person(`odd-${name.replaceAll(' ', '-')}`)
    await impostor(listener as RequestListener)
    await mode('fail-closed')
    expect(await attempt(reader)).toBe('revocation-unknown')
  })

  it('that repeats an answer to somebody else’s question counts as away', async () => {
    const reader = await person('replayed')
    const real = await ca.responder('ca')
    let recorded: Buffer | null = null
    await impostor((request, answer) => {
      void (async () => {
        const body = Buffer.concat(await request.toArray())
        const headers = { 'content-type': 'application/ocsp-request' }
        recorded ??= Buffer.from(
          await (await fetch(real.url, { method: 'POST', headers, body })).arrayBuffer(),
        )
        answer.end(recorded)
      })()
    })
    await mode('fail-closed')
    expect(await attempt(reader)).toBe('ok')
    // Beyond what a good answer is kept for: asked again, with another nonce.
    ahead += 61_000
    await ca.revoke('replayed')
    expect(await attempt(reader)).toBe('revocation-unknown')
  })
})

describe('a stapled response', () => {
  it('is believed like a fetched one, and only over its own certificate', async () => {
    await mode('fail-closed')
    const [reader, other] = [await person('stapler'), await person('other')]
    const good = await ca.staple('stapler', 'responder')
    expect(await attempt(reader, good)).toBe('ok')
    expect(await attempt(other, good)).toBe('revocation-unknown')
    await ca.revoke('other')
    expect(await attempt(other, await ca.staple('other', 'responder'))).toBe('certificate-revoked')
  })

  it('that was changed, or signed by no responder of the CA, counts as none', async () => {
    await mode('fail-closed')
    const reader = await person('changed')
    const bytes = Buffer.from(await ca.staple('changed', 'responder'), 'base64')
    for (const at of [40, 90, 150, 220, 300]) {
      const changed = Buffer.from(bytes)
      changed[at] = (changed[at] ?? 0) ^ 1
      expect([at, await attempt(reader, changed.toString('base64'))]).toEqual([at, 'revocation-unknown'])
    }
    expect(await attempt(reader, await ca.staple('changed', 'changed'))).toBe('revocation-unknown')
    expect(await attempt(reader, 'AAAA')).toBe('revocation-unknown')
  })

  it('has an end', async () => {
    await mode('fail-closed')
    const reader = await person('stale')
    const good = await ca.staple('stale', 'responder')
    expect(await attempt(reader, good)).toBe('ok')
    ahead += 25 * 3_600_000
    expect(await attempt(reader, good)).toBe('revocation-unknown')
  })
})

describe('lists and responder together', () => {
  const closed = { crlRequired: true, ocsp: 'fail-closed' } as const
  const open = { crlRequired: true, ocsp: 'fail-open' } as const
  const off = { crlRequired: true, ocsp: 'off' } as const
  const unlisted = { crlRequired: false, ocsp: 'fail-closed' } as const
  it.each([
    ['good', 'good', closed, 'good'],
    ['good', 'revoked', open, 'revoked'],
    ['revoked', 'good', off, 'revoked'],
    ['unknown', 'good', closed, 'unknown'],
    ['unknown', 'good', unlisted, 'good'],
    ['unknown', 'none', unlisted, 'unknown'],
    ['good', 'none', closed, 'unknown'],
    ['good', 'unasked', closed, 'unknown'],
    ['good', 'none', open, 'good'],
    ['good', 'unknown', open, 'unknown'],
    ['good', 'unasked', off, 'good'],
    ['unknown', 'unasked', off, 'unknown'],
  ] as const)('list %s, responder %s, rules %o: %s', (lists, ocsp, rules, verdict) => {
    expect(revocationVerdict(lists, ocsp, rules)).toBe(verdict)
  })
})
