import { randomBytes } from 'node:crypto'
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { masterKeySource, openHsm } from '../../../src/server/protection/index.ts'
import { openTestFoundation } from '../foundation.ts'
import { makeHsm, softHsmMissing } from './hsm.ts'

let dir: string
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'vigil-hsm-'))
})
afterEach(() => {
  delete process.env.SOFTHSM2_CONF
  rmSync(dir, { recursive: true, force: true })
})
const secret = Buffer.from('a master key of thirty-two bytes')

describe.skipIf(softHsmMissing !== '')(`a security module (SoftHSM2) ${softHsmMissing}`, () => {
  function hsm() {
    const made = makeHsm(dir)
    process.env.SOFTHSM2_CONF = made.conf
    return made
  }

  it('wraps by a key that it makes and never gives, and opens again', async () => {
    const { key } = hsm()
    const module = openHsm(key)
    await module.make()
    const wrapped = await module.wrap(secret, randomBytes)
    expect(wrapped).not.toContain(secret.toString('base64'))
    expect(await module.unwrap(wrapped)).toEqual(secret)
    await expect(module.make()).rejects.toThrow('has an AES key of this label already')
    const changed = `${wrapped.slice(0, 30)}${wrapped[30] === 'A' ? 'B' : 'A'}${wrapped.slice(31)}`
    await expect(module.unwrap(changed)).rejects.toMatchObject({ fault: 'another-key' })
  })

  it('names module, token and key in each refusal, and never the PIN', async () => {
    const { key, pin, pinFile, initialise, removeTokens } = hsm()
    const refusal = (changed: Partial<typeof key>) =>
      openHsm({ ...key, ...changed })
        .wrap(secret, randomBytes)
        .then(
          () => '',
          (error: Error) => error.message,
        )
    expect(await refusal({})).toContain('vigil keys init-hsm makes one')
    await openHsm(key).make()
    const wrapped = await openHsm(key).wrap(secret, randomBytes)
    expect(await refusal({ tokenLabel: 'another' })).toMatch(/token another, .*no token of this label/)
    expect(await refusal({ keyLabel: 'another' })).toMatch(/key another: the token has no AES key/)
    expect(await refusal({ module: join(dir, 'none.so') })).toContain('cannot be loaded')
    writeFileSync(pinFile, '00000000\n')
    const wrong = await refusal({})
    expect(wrong).toContain('the PIN is wrong')
    expect(wrong).not.toContain('00000000')
    writeFileSync(pinFile, pin)
    chmodSync(pinFile, 0o644)
    expect(await refusal({})).toMatch(/too wide/)
    chmodSync(pinFile, 0o600)
    initialise('second')
    const second = openHsm({ ...key, tokenLabel: 'second' })
    await second.make()
    await expect(second.unwrap(wrapped)).rejects.toMatchObject({ fault: 'another-key' })
    removeTokens()
    expect(await refusal({})).toContain('no token of this label')
  })

  it('is the master key of a database: opens with it, and with nothing else', async () => {
    const { key, removeTokens } = hsm()
    await openHsm(key).make()
    const gateway = await openTestFoundation({}, { dir })
    const { store, clock, protection } = gateway
    const config = { kind: 'pkcs11', ...key } as const
    const parts = { db: store.db, file: join(dir, 'master.key'), env: {}, clock, random: randomBytes }
    await expect(masterKeySource(config, parts).read()).rejects.toThrow('from elsewhere')
    const { rewrap } = await import('../../../src/server/keys/index.ts')
    const place = { table: 'orders', column: 'sealed_order', row: '1' }
    const sealed = protection.seal(place, 'x')
    await rewrap({ ...gateway, random: randomBytes }, config, { actor: { kind: 'cli', id: 'test' }, env: {} })
    await expect(openTestFoundation({}, { dir, masterKey: gateway.masterKey })).rejects.toThrow(
      'wrapped_keys',
    )
    const root = await masterKeySource(config, parts).read()
    const again = await openTestFoundation({}, { dir, masterKey: root })
    expect(again.protection.open(place, sealed)).toBe('x')
    await again.store.close()
    removeTokens()
    await expect(masterKeySource(config, parts).read()).rejects.toThrow('no token of this label')
    await store.close()
  })
})

describe('a security module’s library', () => {
  it.each([
    ['hangs', 'setInterval(() => {}, 1000)', 'timed-out'],
    ['crashes', 'process.kill(process.pid, "SIGSEGV")', 'died'],
    ['talks nonsense', 'process.stdout.write("{}")', 'died'],
  ])('that %s takes nobody with it', async (_, script, fault) => {
    const entry = join(dir, 'host.mjs')
    writeFileSync(entry, script)
    const pinFile = join(dir, 'pin')
    writeFileSync(pinFile, '1', { mode: 0o600 })
    const key = { module: 'm', tokenLabel: 't', keyLabel: 'k', pinFile }
    const call = openHsm(key, { timeoutMs: 700, entry }).wrap(secret, randomBytes)
    await expect(call).rejects.toMatchObject({ fault })
  })
})
