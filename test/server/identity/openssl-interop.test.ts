import { readFile, writeFile } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startGateway, type TestGateway, type TestWorkstation } from '../gateway-harness.ts'
import { type Signer, signIn } from '../sign-in-client.ts'
import { createOpensslCa, type OpensslCa } from './openssl-ca.ts'

let ca: OpensslCa
let gateway: TestGateway
let workstation: TestWorkstation

async function issue(name: string): Promise<Signer> {
  const signer = await ca.issue(name)
  await gateway.known(name, signer.certificateDer)
  return signer
}

const attempt = async (signer: Signer) => {
  const answer = await signIn(gateway.connect(workstation.identity), signer, workstation.id)
  return answer.status === 200 ? 'ok' : answer.body.code
}

beforeAll(async () => {
  gateway = await startGateway({
    config: { identity: { userCaFiles: ['ca.pem'], crlFiles: ['list.crl'] } },
    before: async (dir) => {
      ca = await createOpensslCa(dir)
      await ca.publish('PEM')
    },
  })
  workstation = await gateway.workstation('one')
})
afterAll(() => gateway.close())

describe('certificates and revocation lists made by OpenSSL', () => {
  it('are read as they are meant', async () => {
    const [kept, revoked] = [await issue('kept'), await issue('gone')]
    expect(await attempt(kept)).toBe('ok')
    expect(await attempt(revoked)).toBe('ok')
    await ca.revoke('gone')
    await ca.publish('DER')
    expect(await attempt(revoked)).toBe('certificate-revoked')
    expect(await attempt(kept)).toBe('ok')
  })

  it('hold by the list read before while a new one is half written', async () => {
    const person = await issue('meanwhile')
    await ca.publish('PEM')
    expect(await attempt(person)).toBe('ok')
    const list = await readFile(ca.at('list.crl'))
    await writeFile(ca.at('list.crl'), list.subarray(0, 300))
    expect(await attempt(person)).toBe('ok')
    const again = await issue('again')
    expect(await attempt(again)).toBe('ok')
  })

  it('that a changed byte would free are not freed', async () => {
    const person = await issue('tampered')
    await ca.revoke('tampered')
    await ca.publish('DER')
    expect(await attempt(person)).toBe('certificate-revoked')
    const list = await readFile(ca.at('list.crl'))
    const { stdout } = await ca.openssl('x509', '-in', 'tampered.pem', '-noout', '-serial')
    const serial = Buffer.from(stdout.trim().split('=')[1] ?? '', 'hex')
    const at = list.lastIndexOf(serial)
    expect(at).toBeGreaterThan(0)
    list[at + serial.length - 1] = (list[at + serial.length - 1] ?? 0) ^ 0x0f
    await writeFile(ca.at('list.crl'), list)
    expect(await attempt(person)).toBe('revocation-unknown')
  })
})
