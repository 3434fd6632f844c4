import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { temporary } from '../temporary.ts'

/** A private SoftHSM2 with tokens made by its own tools, as peers.md describes. */
export interface SoftHsm {
  conf: string
  tokensDir: string
  module: string
  policyFile: string
  /** A token with one key or several; they get the ids 01, 02, … */
  addToken(options: { label: string; pin: string; key: TestKey | TestKey[] }): void
  tokenDirectories(): string[]
}

const keyArguments = {
  rsa: ['rsa:2048'],
  rsa1024: ['rsa:1024'],
  rsa3072: ['rsa:3072'],
  rsa4096: ['rsa:4096'],
  p256: ['ec', '-pkeyopt', 'ec_paramgen_curve:P-256'],
  p384: ['ec', '-pkeyopt', 'ec_paramgen_curve:P-384'],
  p521: ['ec', '-pkeyopt', 'ec_paramgen_curve:P-521'],
  brainpool: ['ec', '-pkeyopt', 'ec_paramgen_curve:brainpoolP256r1'],
}
export type TestKeyType = keyof typeof keyArguments
export interface TestKey {
  keyFile: string
  certFile: string
}

const modulePath = [
  '/usr/lib/softhsm/libsofthsm2.so',
  '/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so',
].find((path) => existsSync(path))
export const softHsmMissing =
  modulePath && existsSync('/usr/bin/pkcs11-tool') ? false : 'softhsm2 or opensc is not installed'

/** A key and a self-signed certificate made by openssl. */
export function makeKey(
  dir: string,
  name: string,
  type: TestKeyType,
  days = 30,
  extra: string[] = [],
): TestKey {
  const keyFile = join(dir, `${name}.key.pem`)
  const certFile = join(dir, `${name}.cert.pem`)
  const usage = extra.length > 0 ? extra : ['-addext', 'keyUsage=critical,digitalSignature']
  execFileSync(
    'openssl',
    [
      ...['req', '-x509', '-newkey', ...keyArguments[type], '-nodes', '-keyout', keyFile, '-out', certFile],
      ...['-utf8', '-subj', `/CN=张三 ${name}`, '-days', String(days)],
      ...['-addext', 'basicConstraints=critical,CA:FALSE', ...usage],
    ],
    { stdio: 'pipe' },
  )
  return { keyFile, certFile }
}

export function makeSoftHsm(): SoftHsm {
  const dir = temporary('softhsm')
  const tokensDir = join(dir, 'tokens')
  mkdirSync(tokensDir)
  const conf = join(dir, 'softhsm2.conf')
  writeFileSync(
    conf,
    `directories.tokendir = ${tokensDir}\nobjectstore.backend = file\nslots.removable = true\nlog.level = ERROR\n`,
  )
  const module = modulePath ?? ''
  const env = { ...process.env, SOFTHSM2_CONF: conf }
  const run = (tool: string, ...args: string[]) => execFileSync(tool, args, { env, stdio: 'pipe' })
  const policyFile = join(dir, 'policy.json')
  const sha256 = createHash('sha256').update(readFileSync(module)).digest('hex')
  writeFileSync(policyFile, JSON.stringify({ modules: [{ path: module, sha256, label: 'SoftHSM' }] }))

  return {
    conf,
    tokensDir,
    module,
    policyFile,
    addToken({ label, pin, key }) {
      run('softhsm2-util', '--init-token', '--free', '--label', label, '--so-pin', '12345678', '--pin', pin)
      for (const [index, { keyFile, certFile }] of [key].flat().entries()) {
        const id = `0${index + 1}`
        const pkcs8 = join(dir, `${label}-${id}.p8.pem`)
        const der = join(dir, `${label}-${id}.der`)
        run('openssl', 'pkcs8', '-topk8', '-nocrypt', '-in', keyFile, '-out', pkcs8)
        run('openssl', 'x509', '-in', certFile, '-outform', 'DER', '-out', der)
        run('softhsm2-util', '--import', pkcs8, '--token', label, '--label', label, '--id', id, '--pin', pin)
        const tool = ['--module', module, '--token-label', label, '--login', '--pin', pin]
        run('pkcs11-tool', ...tool, '--write-object', der, '--type', 'cert', '--id', id, '--label', label)
      }
    },
    tokenDirectories: () => readdirSync(tokensDir).map((name) => join(tokensDir, name)),
  }
}
