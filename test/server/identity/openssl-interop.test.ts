import { execFile } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startGateway, type TestGateway, type TestWorkstation } from '../gateway-harness.ts'
import { type Signer, signIn } from '../sign-in-client.ts'

/** A hospital CA, user certificates and revocation lists made by OpenSSL: nothing of our own on their side. */
const run = promisify(execFile)
const config = `
[ca]
default_ca = hospital
[hospital]
dir = .
database = ./index.txt
new_certs_dir = .
certificate = ./ca.pem
private_key = ./ca.key
serial = ./serial
crlnumber = ./crlnumber
default_md = sha256
default_crl_days = 7
default_days = 30
policy = any
unique_subject = no
crl_extensions = crl_ext
[any]
commonName = supplied
[req]
distinguished_name = dn
prompt = no
[dn]
CN = OpenSSL Hospital CA
[ca_ext]
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign, cRLSign
subjectKeyIdentifier = hash
[user_ext]
basicConstraints = CA:FALSE
keyUsage = critical, digitalSignature, nonRepudiation
extendedKeyUsage = clientAuth, emailProtection
crlDistributionPoints = URI:http://crl.invalid/ca.crl
[crl_ext]
authorityKeyIdentifier = keyid
`

let dir: string
let gateway: TestGateway
let workstation: TestWorkstation
const openssl = (...args: string[]) => run('openssl', args, { cwd: dir })

async function issue(name: string): Promise<Signer> {
  await openssl(
    'req',
    '-new',
    '-newkey',
    'rsa:2048',
    '-nodes',
    '-keyout',
    `${name}.key`,
    '-out',
    `${name}.csr`,
    '-subj',
    `/CN=${name}`,
  )
  await openssl(
    'ca',
    '-batch',
    '-config',
    'ca.cnf',
    '-extensions',
    'user_ext',
    '-in',
    `${name}.csr`,
    '-out',
    `${name}.pem`,
    '-notext',
  )
  await openssl('x509', '-in', `${name}.pem`, '-outform', 'DER', '-out', `${name}.der`)
  const signer: Signer = {
    certificateDer: await readFile(join(dir, `${name}.der`)),
    privateKeyPem: await readFile(join(dir, `${name}.key`), 'utf8'),
    algorithm: 'RSA-PKCS1-SHA256',
  }
  const by = { kind: 'cli', id: 'test' } as const
  const id = await gateway.accounts.create({ loginName: name, displayName: name, roles: ['radiologist'] }, by)
  await gateway.accounts.bindCertificate(id, signer.certificateDer, by)
  return signer
}

async function publish(format: 'PEM' | 'DER'): Promise<void> {
  await openssl('ca', '-gencrl', '-config', 'ca.cnf', '-out', 'list.pem')
  await openssl('crl', '-in', 'list.pem', '-outform', format, '-out', 'list.crl')
}

const attempt = async (signer: Signer) => {
  const answer = await signIn(gateway.connect(workstation.identity), signer, workstation.id)
  return answer.status === 200 ? 'ok' : answer.body.code
}

beforeAll(async () => {
  gateway = await startGateway({
    config: { identity: { userCaFiles: ['ca.pem'], crlFiles: ['list.crl'] } },
    before: async (data) => {
      dir = data
      await writeFile(join(dir, 'ca.cnf'), config)
      await writeFile(join(dir, 'index.txt'), '')
      await writeFile(join(dir, 'serial'), '00A1\n')
      await writeFile(join(dir, 'crlnumber'), '01\n')
      await openssl(
        'req',
        '-x509',
        '-newkey',
        'rsa:2048',
        '-nodes',
        '-keyout',
        'ca.key',
        '-out',
        'ca.pem',
        '-config',
        'ca.cnf',
        '-extensions',
        'ca_ext',
        '-days',
        '30',
      )
      await publish('PEM')
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
    await openssl('ca', '-config', 'ca.cnf', '-revoke', 'gone.pem', '-crl_reason', 'keyCompromise')
    await publish('DER')
    expect(await attempt(revoked)).toBe('certificate-revoked')
    expect(await attempt(kept)).toBe('ok')
  })

  it('hold by the list read before while a new one is half written', async () => {
    const person = await issue('meanwhile')
    await publish('PEM')
    expect(await attempt(person)).toBe('ok')
    const list = await readFile(join(dir, 'list.crl'))
    await writeFile(join(dir, 'list.crl'), list.subarray(0, 300))
    expect(await attempt(person)).toBe('ok')
    const again = await issue('again')
    expect(await attempt(again)).toBe('ok')
  })

  it('that a changed byte would free are not freed', async () => {
    const person = await issue('tampered')
    await openssl('ca', '-config', 'ca.cnf', '-revoke', 'tampered.pem')
    await publish('DER')
    expect(await attempt(person)).toBe('certificate-revoked')
    const list = await readFile(join(dir, 'list.crl'))
    const { stdout } = await openssl('x509', '-in', 'tampered.pem', '-noout', '-serial')
    const serial = Buffer.from(stdout.trim().split('=')[1] ?? '', 'hex')
    const at = list.lastIndexOf(serial)
    expect(at).toBeGreaterThan(0)
    list[at + serial.length - 1] = (list[at + serial.length - 1] ?? 0) ^ 0x0f
    await writeFile(join(dir, 'list.crl'), list)
    expect(await attempt(person)).toBe('revocation-unknown')
  })
})
