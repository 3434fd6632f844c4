import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createPkcs11Driver, forkHost, noModules, readPolicy } from '../../../src/main/tokens/index.ts'
import { temporary } from '../temporary.ts'

const dir = temporary('policy')
const sha256 = createHash('sha256').update('library').digest('hex')
const vendor = { path: join(dir, 'vendor.so'), sha256, label: 'V' }
const read = (policy: unknown) => {
  const file = join(dir, 'policy.yaml')
  writeFileSync(file, typeof policy === 'string' ? policy : JSON.stringify(policy))
  return readPolicy(file)
}

describe('the policy of allowed PKCS#11 modules', () => {
  it('is YAML with comments, or JSON', async () => {
    const expected = {
      problem: null,
      allowed: [vendor],
      disabled: [{ label: 'W', path: 'C:\\w.dll', sha256: 'to be found out', enabled: false }],
    }
    const yaml = `# what this machine may load
modules:
  - { path: ${vendor.path}, sha256: ${sha256}, label: V }
  - label: W # not bought yet
    path: C:\\w.dll
    sha256: to be found out
    enabled: false
`
    expect(await read(yaml)).toEqual(expected)
    expect(await read({ modules: [vendor, ...expected.disabled] })).toEqual(expected)
  })

  it.each([
    ['no list', 'not a list'],
    ['a key twice', 'modules: []\nmodules: []'],
    ['broken YAML', 'modules: [}'],
    ['aliases', 'a: &a [1]\nmodules: *a'],
    ['a relative path', { modules: [{ ...vendor, path: 'vendor.so' }] }],
    ['no hash', { modules: [{ path: vendor.path, label: 'no hash' }] }],
    ['a placeholder for a hash where enabled', { modules: [{ ...vendor, sha256: 'x', enabled: true }] }],
    ['an unknown key', { modules: [], also: 1 }],
    ['one library twice', { modules: [vendor, vendor] }],
    [
      'too many',
      { modules: Array.from({ length: 21 }, (_, index) => ({ ...vendor, path: `/v${index}.so` })) },
    ],
  ])('refuses a policy that is not one: %s', async (_, policy) => {
    expect(await read(policy)).toEqual(noModules('policy-invalid'))
  })

  it('reports a missing policy', async () => {
    expect(await readPolicy(join(dir, 'none.yaml'))).toEqual(noModules('policy-missing'))
  })

  it('comes with a catalogue in which everything is disabled, and which starts no process', async () => {
    const file = resolve('assets/tokens/pkcs11-policy.example.yaml')
    const policy = await readPolicy(file)
    expect(policy.problem).toBeNull()
    expect(policy.allowed).toEqual([])
    expect(policy.disabled.length).toBeGreaterThan(25)
    for (const vendorName of [
      '飞天诚信',
      '龙脉',
      '握奇',
      '文鼎创',
      '天地融',
      '渔翁',
      '海泰方圆',
      '明华',
      '北京CA',
    ])
      expect(policy.disabled.some(({ label }) => label.includes(vendorName))).toBe(true)
    expect(readFileSync(file, 'utf8')).toContain('NOT verified')
    const driver = createPkcs11Driver({
      policy,
      spawn: () => forkHost(),
      clock: Date.now,
      onProblem: () => {},
    })
    const { modules } = await driver.modules()
    expect(modules.length).toBe(policy.disabled.length)
    expect(modules.every(({ state }) => state === 'disabled')).toBe(true)
    expect(await driver.list()).toEqual([])
    expect(driver.pids()).toEqual([])
  })
})
