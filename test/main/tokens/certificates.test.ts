import { appendFileSync } from 'node:fs'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { createPkcs11Driver, forkHost, type TokenDriver } from '../../../src/main/tokens/index.ts'
import { failureOf } from '../../../src/shared/errors/index.ts'
import { temporary } from '../temporary.ts'
import { allow } from './fake-module.ts'
import { makeKey, makeSoftHsm, type SoftHsm, softHsmMissing, type TestKeyType } from './softhsm.ts'

/** Each kind of key and several certificates on one token. The driver checks each signature itself (node:crypto). */
describe.skipIf(softHsmMissing)('keys and certificates on SoftHSM2', () => {
  let hsm: SoftHsm
  let driver: TokenDriver
  const keys = temporary('keys')
  const keyTypes: TestKeyType[] = ['rsa', 'rsa3072', 'rsa4096', 'p256', 'p384']
  const unfitTypes: TestKeyType[] = ['rsa1024', 'p521', 'brainpool']

  beforeAll(() => {
    hsm = makeSoftHsm()
    process.env.SOFTHSM2_CONF = hsm.conf
    for (const type of [...keyTypes, ...unfitTypes])
      hsm.addToken({ label: type, pin: '123456', key: makeKey(keys, type, type) })
    const use = (...lines: string[]) => lines.flatMap((line) => ['-addext', line])
    const digital = 'keyUsage=critical,digitalSignature'
    hsm.addToken({
      label: 'several',
      pin: '123456',
      key: [
        makeKey(keys, 'encryption', 'rsa', 30, use('keyUsage=critical,keyEncipherment')),
        makeKey(keys, 'mail', 'p256', 30, use(digital, 'extendedKeyUsage=emailProtection')),
        makeKey(keys, 'over', 'p256', 1, use(digital)),
        makeKey(keys, 'sign-in', 'p256', 30, use(digital, 'extendedKeyUsage=clientAuth')),
      ],
    })
  })
  afterEach(() => driver.close())
  afterAll(() => {
    delete process.env.SOFTHSM2_CONF
  })

  function open() {
    driver = createPkcs11Driver({
      policy: { problem: null, allowed: [allow(hsm.module, 'SoftHSM')], disabled: [] },
      spawn: () => forkHost(),
      clock: () => Date.now() + 2 * 86_400_000,
      onProblem: () => {},
    })
    const token = async (label: string) => {
      const found = (await driver.list()).find((candidate) => candidate.label === label)
      if (!found) throw new Error(`no token ${label}`)
      return found
    }
    const sign = async (label: string, certificateId?: string) => {
      const { id: tokenId } = await token(label)
      const pin = Buffer.from('123456')
      return driver.sign({ tokenId, certificateId, pin, statement: () => Buffer.from('statement') })
    }
    return { token, sign }
  }

  it('signs with RSA 2048 to 4096 (PSS), P-256 and P-384', async () => {
    const { sign, token } = open()
    const algorithms = []
    for (const type of keyTypes) {
      expect((await token(type)).certificates[0]?.unfit).toBeNull()
      algorithms.push((await sign(type)).algorithm)
    }
    const pss = 'RSA-PSS-SHA256'
    expect(algorithms).toEqual([pss, pss, pss, 'ECDSA-SHA256', 'ECDSA-SHA384'])
  })

  it('shows RSA 1024, P-521 and brainpool as unfit, and does not sign with them', async () => {
    const { sign, token } = open()
    for (const type of unfitTypes) {
      const [certificate] = (await token(type)).certificates
      expect(certificate?.unfit).toBe('key-type')
      for (const chosen of [undefined, certificate?.id])
        expect(await sign(type, chosen).catch(failureOf)).toEqual({
          code: 'token-certificate-unsuitable',
          facts: { reason: 'key-type' },
        })
    }
  })

  it('picks the one certificate among several that is fit for sign-in, and its key', async () => {
    const { sign, token } = open()
    const { certificates } = await token('several')
    const by = (name: string) => certificates.find(({ subject }) => subject.endsWith(name))
    expect(certificates.map(({ unfit }) => String(unfit)).sort()).toEqual([
      'expired',
      'extended-key-usage',
      'key-usage',
      'null',
    ])
    expect(by('sign-in')?.unfit).toBeNull()
    const [unchosen, chosen] = [await sign('several'), await sign('several', by('sign-in')?.id)]
    expect(unchosen.certificates[0]).toEqual(chosen.certificates[0])
    // What the dates alone speak against is the gateway's to refuse, and to record.
    expect((await sign('several', by('over')?.id)).algorithm).toBe('ECDSA-SHA256')
  })

  it('signs with PKCS#1 v1.5 where the token cannot do PSS', async () => {
    appendFileSync(hsm.conf, 'slots.mechanisms = CKM_RSA_PKCS,CKM_ECDSA\n')
    const { sign } = open()
    for (const type of ['rsa', 'rsa3072', 'rsa4096']) {
      const { algorithm, signature } = await sign(type)
      expect(algorithm).toBe('RSA-PKCS1-SHA256')
      expect(signature.length).toBe(Number(type.slice(3) || 2048) / 8)
    }
  })
})
