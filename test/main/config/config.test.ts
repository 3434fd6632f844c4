import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { loadConfig } from '../../../src/main/config/index.ts'
import { temporary } from '../temporary.ts'

const dir = temporary('config')
const good = {
  dataDir: '/var/lib/vigil',
  name: '阅片室一',
  demo: false,
  tokens: { pkcs11Policy: null, mediaDirectories: [], scanMounts: true },
}
const load = (config: unknown) => {
  const file = join(dir, 'workstation.json')
  writeFileSync(file, typeof config === 'string' ? config : JSON.stringify(config))
  return loadConfig(file)
}

describe('the workstation configuration', () => {
  it('takes a right one, with the usual vault', () => {
    expect(load(good)).toEqual({ ...good, vaultService: 'Vigil' })
  })
  it.each([
    ['dataDir', { ...good, dataDir: 'relative' }],
    ['name', { ...good, name: '' }],
    ['demo', { ...good, demo: 'yes' }],
    ['tokens.scanMounts', { ...good, tokens: { ...good.tokens, scanMounts: 1 } }],
    ['tokens.mediaDirectories.0', { ...good, tokens: { ...good.tokens, mediaDirectories: ['usb'] } }],
    ['demmo', { ...good, demmo: true }],
    ['pkcs11policy', { ...good, tokens: { ...good.tokens, pkcs11policy: null } }],
    ['not valid JSON', '{'],
  ])('names what is wrong: %s', (what, config) => {
    expect(() => load(config)).toThrow(what)
    expect(() => load(config)).toThrow(/workstation\.json/)
  })
})
