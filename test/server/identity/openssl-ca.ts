import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { freePorts } from '../../../demo/ports.ts'
import type { Signer } from '../sign-in-client.ts'

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
[responder_ext]
basicConstraints = CA:FALSE
keyUsage = critical, digitalSignature
extendedKeyUsage = OCSPSigning
noCheck = ignored
[crl_ext]
authorityKeyIdentifier = keyid
`

interface OcspResponder {
  url: string
  stop(): Promise<void>
}

export type OpensslCa = Awaited<ReturnType<typeof createOpensslCa>>

/** A hospital CA, user certificates, revocation lists and an OCSP responder made by OpenSSL: nothing of our own on their side. */
export async function createOpensslCa(dir: string) {
  const openssl = (...args: string[]) => run('openssl', args, { cwd: dir })
  const at = (file: string) => join(dir, file)
  await writeFile(at('ca.cnf'), config)
  await writeFile(at('index.txt'), '')
  await writeFile(at('serial'), '00A1\n')
  await writeFile(at('crlnumber'), '01\n')
  const selfSigned = ['-config', 'ca.cnf', '-extensions', 'ca_ext', '-days', '30']
  const newKey = (name: string) => ['-newkey', 'rsa:2048', '-nodes', '-keyout', `${name}.key`]
  await openssl('req', '-x509', ...newKey('ca'), '-out', 'ca.pem', ...selfSigned)

  const responders = new Set<() => Promise<void>>()

  async function issue(name: string, extensions = 'user_ext'): Promise<Signer> {
    await openssl('req', '-new', ...newKey(name), '-out', `${name}.csr`, '-subj', `/CN=${name}`)
    const request = ['-extensions', extensions, '-in', `${name}.csr`, '-out', `${name}.pem`, '-notext']
    await openssl('ca', '-batch', '-config', 'ca.cnf', ...request)
    await openssl('x509', '-in', `${name}.pem`, '-outform', 'DER', '-out', `${name}.der`)
    return {
      certificateDer: await readFile(at(`${name}.der`)),
      privateKeyPem: await readFile(at(`${name}.key`), 'utf8'),
      algorithm: 'RSA-PKCS1-SHA256',
    }
  }

  return {
    openssl,
    at,
    issue,
    revoke: (name: string) =>
      openssl('ca', '-config', 'ca.cnf', '-revoke', `${name}.pem`, '-crl_reason', 'keyCompromise'),
    /** Writes `list.crl`. */
    async publish(format: 'PEM' | 'DER'): Promise<void> {
      await openssl('ca', '-gencrl', '-config', 'ca.cnf', '-out', 'list.pem')
      await openssl('crl', '-in', 'list.pem', '-outform', format, '-out', 'list.crl')
    },
    /** A response as a workstation would staple it, base64 DER, signed with `signer`'s key. */
    async staple(name: string, signer: string, more: string[] = []): Promise<string> {
      const keys = ['-CA', 'ca.pem', '-rsigner', `${signer}.pem`, '-rkey', `${signer}.key`]
      const about = ['-issuer', 'ca.pem', '-cert', `${name}.pem`, '-no_nonce', '-reqout', 'staple.req']
      await openssl('ocsp', ...about)
      const answer = ['-reqin', 'staple.req', '-respout', 'staple.resp', '-ndays', '1', ...more]
      await openssl('ocsp', '-index', 'index.txt', ...keys, ...answer)
      return (await readFile(at('staple.resp'))).toString('base64')
    },
    /** `openssl ocsp` on a loopback port; it reads the CA's index anew for each responder started. */
    async responder(signer: string): Promise<OcspResponder> {
      const [port] = (await freePorts(1)) as [number]
      const keys = ['-CA', 'ca.pem', '-rsigner', `${signer}.pem`, '-rkey', `${signer}.key`]
      const args = ['ocsp', '-index', 'index.txt', '-port', String(port), ...keys, '-ndays', '1']
      const child = spawn('openssl', args, { cwd: dir, stdio: ['ignore', 'pipe', 'pipe'] })
      // It says when it is ready; a connection that only tries it out would hold it up.
      await Promise.race([once(child.stdout, 'data'), once(child.stderr, 'data')])
      child.stdout.resume()
      child.stderr.resume()
      const stop = async () => {
        if (!responders.delete(stop)) return
        const over = once(child, 'exit')
        child.kill('SIGKILL')
        await over
      }
      responders.add(stop)
      return { url: `http://127.0.0.1:${port}/`, stop }
    },
    /** Every responder that still runs: one left alone would spin for good. */
    async stopResponders(): Promise<void> {
      for (const stop of [...responders]) await stop()
    },
  }
}
