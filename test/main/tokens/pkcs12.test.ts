import { execFileSync, spawnSync } from 'node:child_process'
import { copyFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import forge from 'node-forge'
import { beforeAll, describe, expect, it } from 'vitest'
import { createPkcs12Driver, type TokenChange } from '../../../src/main/tokens/index.ts'
import { mediaMounts } from '../../../src/main/tokens/pkcs12/mounts.ts'
import { delayAfter } from '../../../src/main/tokens/pkcs12/tries.ts'
import { failureOf } from '../../../src/shared/errors/index.ts'
import { temporary } from '../temporary.ts'
import { makeKey, type TestKeyType } from './softhsm.ts'

/** A container may not mount even as root. */
const mountRefused = (() => {
  const dir = temporary('mount')
  if (spawnSync('mount', ['-t', 'tmpfs', 'tmpfs', dir]).status !== 0) return 'mounting is not permitted'
  spawnSync('umount', [dir])
  return false
})()

const statement = Buffer.from('the bytes that the token signs')
const pin = () => Buffer.from('口令-135790')

function pkcs12(dir: string, name: string, type: TestKeyType, extra: string[] = []): string {
  const { keyFile, certFile } = makeKey(dir, name, type)
  const file = join(dir, `${name}.p12`)
  const password = ['-passout', 'pass:口令-135790']
  execFileSync('openssl', [
    ...['pkcs12', '-export', '-inkey', keyFile, '-in', certFile, '-out', file],
    ...[...password, ...extra],
  ])
  return file
}

/** One file with the contents of several (RFC 7292 4: AuthenticatedSafe), without a MAC; openssl makes one key a file. */
function joinPkcs12(files: readonly Buffer[]): Buffer {
  const { asn1 } = forge
  const parts = (of: forge.asn1.Asn1 | undefined) => of?.value as forge.asn1.Asn1[]
  const read = (binary: string) => asn1.fromDer(forge.util.createBuffer(binary))
  const pfxs = files.map((file) => read(file.toString('binary')))
  const octets = (pfx: forge.asn1.Asn1) => parts(parts(parts(pfx)[1])[1])[0] as forge.asn1.Asn1
  const contents = pfxs.flatMap((pfx) => parts(read(octets(pfx).value as string)))
  const [joined] = pfxs as [forge.asn1.Asn1]
  const safe = asn1.create(asn1.Class.UNIVERSAL, asn1.Type.SEQUENCE, true, contents)
  octets(joined).value = asn1.toDer(safe).getBytes()
  joined.value = parts(joined).slice(0, 2)
  return Buffer.from(asn1.toDer(joined).getBytes(), 'binary')
}

describe('PKCS#12 on removable media', () => {
  let keys = ''
  const files: Record<string, string> = {}

  beforeAll(() => {
    keys = temporary('p12-keys')
    for (const type of ['rsa', 'p256', 'p384'] as const) files[type] = pkcs12(keys, type, type)
    files.legacy = pkcs12(keys, 'legacy', 'rsa', ['-legacy'])
  })

  function medium(...names: string[]) {
    const dir = temporary('medium')
    for (const name of names) copyFileSync(files[name] ?? '', join(dir, `${name}.p12`))
    let now = Date.now()
    const driver = createPkcs12Driver({ directories: [dir], scanMounts: false, clock: () => now, pollMs: 50 })
    const sign = async (with_: Buffer, id?: string) => {
      const tokenId = id ?? (await driver.list())[0]?.id ?? ''
      return driver.sign({ tokenId, pin: with_, statement: () => statement })
    }
    return { dir, driver, sign, wait: (ms: number) => (now += ms) }
  }

  it.each([
    ['rsa', 'RSA-PSS-SHA256'],
    ['p256', 'ECDSA-SHA256'],
    ['p384', 'ECDSA-SHA384'],
    ['legacy', 'RSA-PSS-SHA256'],
  ])('signs with a %s key; openssl verifies', async (name, algorithm) => {
    const { dir, sign } = medium(name)
    const made = await sign(pin())
    expect(made.algorithm).toBe(algorithm)
    const signature = join(dir, 'signature')
    const data = join(dir, 'data')
    writeFileSync(signature, made.signature)
    writeFileSync(data, statement)
    const cert = execFileSync('openssl', ['x509', '-inform', 'DER', '-pubkey', '-noout'], {
      input: Buffer.from(made.certificates[0] ?? []),
    })
    writeFileSync(join(dir, 'pub.pem'), cert)
    const pss = algorithm.startsWith('RSA')
      ? ['-sigopt', 'rsa_padding_mode:pss', '-sigopt', 'rsa_pss_saltlen:32']
      : []
    const hash = algorithm.endsWith('384') ? '-sha384' : '-sha256'
    const check = ['dgst', hash, '-verify', join(dir, 'pub.pem'), ...pss, '-signature', signature, data]
    expect(execFileSync('openssl', check).toString()).toContain('Verified OK')
  })

  it('lists what is there, without looking inside', async () => {
    const { driver } = medium('rsa', 'p256')
    const tokens = await driver.list()
    expect(tokens.map(({ label }) => label).sort()).toEqual(['p256', 'rsa'])
    for (const token of tokens) expect(token).toMatchObject({ kind: 'pkcs12', certificates: [], pin: 'ok' })
  })

  it('slows guessing down: three free tries, then a growing wait that also the right PIN must sit out', async () => {
    const { sign, wait } = medium('p256')
    for (let guess = 0; guess < 2; guess++) {
      expect(await sign(Buffer.from(`wrong${guess}`)).catch(failureOf)).toEqual({
        code: 'pin-wrong',
        facts: {},
      })
    }
    const third = await sign(Buffer.from('wrong')).catch(failureOf)
    expect(third).toEqual({ code: 'pin-wrong', facts: { retryInMs: 5_000 } })
    expect(await sign(pin()).catch(failureOf)).toEqual({ code: 'pin-locked', facts: { retryInMs: 5_000 } })
    wait(5_001)
    expect(await sign(Buffer.from('wrong')).catch(failureOf)).toMatchObject({ facts: { retryInMs: 10_000 } })
    wait(10_001)
    expect((await sign(pin())).algorithm).toBe('ECDSA-SHA256')
    expect(await sign(Buffer.from('wrong')).catch(failureOf)).toEqual({ code: 'pin-wrong', facts: {} })
    expect(delayAfter(40)).toBe(900_000)
  })

  it('tells a broken file, an unknown token and a replaced file apart', async () => {
    const { dir, driver, sign } = medium('p256')
    const [token] = await driver.list()
    copyFileSync(files.rsa ?? '', join(dir, 'p256.p12'))
    expect(await sign(pin(), token?.id).catch(failureOf)).toEqual({ code: 'token-absent', facts: {} })
    writeFileSync(join(dir, 'p256.p12'), 'not a key')
    expect(await sign(pin()).catch(failureOf)).toMatchObject({ code: 'token-certificate-unsuitable' })
    expect(await sign(pin(), 'p12:none').catch(failureOf)).toEqual({ code: 'token-absent', facts: {} })
  })

  it('does not keep or change the PIN it was given', async () => {
    const { sign } = medium('p256')
    const given = pin()
    await sign(given)
    expect(given.equals(pin())).toBe(true)
  })

  it('notices that the medium is taken out and put back', async () => {
    const { dir, driver } = medium('p256')
    const [token] = await driver.list()
    const changes: TokenChange[] = []
    const stop = driver.watch((change) => changes.push(change))
    await expect.poll(() => changes.length).toBe(1)
    rmSync(dir, { recursive: true })
    await expect.poll(() => changes.at(-1)).toEqual({ tokens: [], removed: [token?.id] })
    mkdirSync(dir)
    copyFileSync(files.p256 ?? '', join(dir, 'p256.p12'))
    await expect.poll(() => changes.at(-1)?.tokens).toHaveLength(1)
    stop()
    await driver.close()
  })

  it.skipIf(mountRefused)('notices that the medium is unmounted, and mounted again', async () => {
    const { dir, driver, sign } = medium()
    const mount = () => {
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', dir])
      copyFileSync(files.p256 ?? '', join(dir, 'key.p12'))
    }
    const changes: TokenChange[] = []
    const stop = driver.watch((change) => changes.push(change))
    mount()
    try {
      await expect.poll(() => changes.at(-1)?.tokens).toHaveLength(1)
      const id = changes.at(-1)?.tokens[0]?.id
      expect((await sign(pin())).algorithm).toBe('ECDSA-SHA256')
      execFileSync('umount', [dir])
      await expect.poll(() => changes.at(-1), { timeout: 1_500 }).toEqual({ tokens: [], removed: [id] })
      expect(await sign(pin(), id).catch(failureOf)).toEqual({ code: 'token-absent', facts: {} })
      mount()
      await expect.poll(() => changes.at(-1)?.tokens, { timeout: 1_500 }).toHaveLength(1)
    } finally {
      stop()
      await driver.close()
      spawnSync('umount', [dir])
    }
  })

  it('takes the key that is fit for sign-in where the file holds several', async () => {
    const [keyDir, dir] = [temporary('keys'), temporary('several')]
    const password = ['-passout', 'pass:135790']
    const mail = ['-addext', 'keyUsage=digitalSignature', '-addext', 'extendedKeyUsage=emailProtection']
    const singles = [makeKey(keyDir, 'mail', 'rsa', 30, mail), makeKey(keyDir, 'fit', 'p384')].map(
      ({ keyFile, certFile }) =>
        execFileSync('openssl', ['pkcs12', '-export', '-inkey', keyFile, '-in', certFile, ...password]),
    )
    writeFileSync(join(dir, 'several.p12'), joinPkcs12(singles))
    const driver = createPkcs12Driver({ directories: [dir], scanMounts: false, clock: Date.now })
    const [token] = await driver.list()
    const request = { tokenId: token?.id ?? '', pin: Buffer.from('135790'), statement: () => statement }
    expect((await driver.sign(request)).algorithm).toBe('ECDSA-SHA384')
  })

  it('finds the mount points of removable media', () => {
    const mounts = [
      '/dev/sda1 / ext4 rw 0 0',
      '/dev/sdb1 /media/zhang/USB\\040KEY vfat rw 0 0',
      '/dev/sdc1 /run/media/zhang/A vfat rw 0 0',
      '/dev/sdd1 /run/media/li/B vfat rw 0 0',
    ]
    expect(mediaMounts(mounts.join('\n'), 'zhang')).toEqual(['/media/zhang/USB KEY', '/run/media/zhang/A'])
  })
})
