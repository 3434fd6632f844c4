import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { certificatesIn } from '../../../src/main/channel/index.ts'
import { followingTrust } from '../../../src/main/enrolment/trust.ts'
import { createGeneration } from '../../../src/server/pki/authorities.ts'
import { readAuthority } from '../../../src/server/pki/authority.ts'
import { createAuthorities } from '../../../src/server/pki/index.ts'
import { createLink } from '../../../src/server/pki/link.ts'

/** What a workstation follows, and whom it does not. */
const dirs: string[] = []
let ours: Record<'ca' | 'next' | 'link' | 'server', string>
let theirs: typeof ours

async function gatewayCas(gatewayId: string) {
  const dir = await mkdtemp(join(tmpdir(), 'vigil-trust-'))
  dirs.push(dir)
  const now = Date.now()
  await createAuthorities({ dir, gatewayId, serverNames: ['localhost'], clock: () => now })
  const from = await readAuthority(dir, 'gateway-ca')
  const to = await createGeneration({ dir, name: 'gateway-ca', generation: 2, gatewayId, now })
  await createLink({ dir, generation: 2, from, to, now })
  const read = (name: string) => readFile(join(dir, name), 'utf8')
  const server = (await read('server.pem')).split(/(?<=-----END CERTIFICATE-----\n)/)[0] ?? ''
  return { ca: from.pem, next: to.pem, link: await read('gateway-ca.2.link.pem'), server }
}

beforeAll(async () => {
  ;[ours, theirs] = [await gatewayCas('gw-1'), await gatewayCas('gw-1')]
})
afterAll(() => Promise.all(dirs.map((dir) => rm(dir, { recursive: true }))))

const serials = (pem: string | null) =>
  pem === null ? null : certificatesIn(pem).map((certificate) => certificate.serialNumber)
const both = () => serials(ours.ca + ours.next)

describe('the CAs that a workstation trusts', () => {
  it('stay as they are where nothing else is announced', () => {
    expect(followingTrust(ours.ca, [ours.ca])).toBeNull()
    expect(followingTrust(ours.ca, [])).toBeNull()
    expect(followingTrust(ours.ca, ['not PEM at all'])).toBeNull()
    expect(
      followingTrust(ours.ca, ['-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----']),
    ).toBeNull()
  })

  it('grow by a successor that the CA has certified, in any order', () => {
    expect(serials(followingTrust(ours.ca, [ours.ca, ours.next, ours.link]))).toEqual(both())
    expect(serials(followingTrust(ours.ca, [ours.link, ours.ca, ours.next]))).toEqual(both())
    expect(followingTrust(ours.ca + ours.next, [ours.ca, ours.next, ours.link])).toBeNull()
  })

  it('shrink to the successor when the predecessor is retired', () => {
    const next = serials(ours.next)
    expect(serials(followingTrust(ours.ca + ours.next, [ours.next, ours.link]))).toEqual(next)
    expect(serials(followingTrust(ours.ca + ours.next, [ours.next]))).toEqual(next)
  })

  it.each([
    ['that nobody certified', () => [ours.ca, ours.next]],
    ['of a stranger', () => [ours.ca, theirs.ca]],
    ['of a stranger with the word of another', () => [ours.ca, theirs.next, theirs.link]],
    ['of a stranger beside our own word for ours', () => [ours.ca, theirs.next, ours.link]],
    ['that is the word itself', () => [ours.ca, ours.link]],
    ['that is a server certificate of ours', () => [ours.ca, ours.server]],
    ['in the place of all of ours', () => [theirs.ca]],
  ])('take none %s', (_, announced) => {
    expect(followingTrust(ours.ca, announced())).toBeNull()
  })

  it('is followed without the predecessor beside it too: who was away for a whole rotation', () => {
    expect(serials(followingTrust(ours.ca, [ours.next, ours.link]))).toEqual(serials(ours.next))
  })
})
