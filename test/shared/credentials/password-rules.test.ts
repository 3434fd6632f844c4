import { describe, expect, it } from 'vitest'
import { passwordFaults } from '../../../src/shared/credentials/index.ts'
import { weakWords } from '../../../src/shared/credentials/weak-words.ts'

const rules = { minLength: 8, minClasses: 3 }
const owner = { loginName: 'zhang.wei', displayName: '张伟', staffNumber: 'R20087' }
const faults = (password: string, over = {}) => passwordFaults(password, { ...rules, ...over }, owner)

describe('a new password', () => {
  it.each([
    ...[
      'P@ssw0rd123',
      'Admin@123',
      'Qwer1234!',
      '1qaz@WSX',
      'Aa123456',
      'Passw0rd!',
      'Abc@12345',
      'Vigil2026!',
    ],
    ...[
      'Pacs#2026',
      'Fangshe@123',
      'Yiyuan120!',
      '!QAZ2wsx',
      'Zxcvbn1!',
      'Asdf!234',
      'Woaini1314!',
      'Qq123456!',
    ],
    ...['Radiology#1', 'Aaaa1111!', 'Abcd1234$', 'Test-2024', 'Huawei@2025', 'Xk7!Xk7!Xk7!', '1234Qwer!@#$'],
    ...[
      'Hospital19990101',
      'Admin13912345678',
      'W3lcome!!',
      'L0gin#login',
      'Zaq1!xsw2',
      'Ｐ@ssw0rd１２３',
      'Beijing2008@',
    ],
  ])('%s is weak', (password) => {
    expect(faults(password)).toContain('weak')
  })

  it.each([
    ...[
      'mQ7#tLx2',
      'Teapot-under-7-pines',
      '锦瑟无端Wu8xian',
      'g4Lm!pz0Vn',
      'Ocelot/93/bramble',
      'u8Kd-2hPq-vX',
    ],
    ...['Wren7Quilt9Fjord', 'xT!9abc#Rw2', 'Brisk-Copper-41-Lantern'],
  ])('%s may be set', (password) => {
    expect(faults(password)).toEqual([])
  })

  it('is as long as it has characters, not UTF-16 units or bytes', () => {
    expect(faults('😀😀aB3#')).toContain('too-short')
    expect(faults('gK2#vN5')).toEqual(['too-short'])
    expect(faults('gK2#vN5x')).toEqual([])
    expect(faults('gK2#vN5x', { minLength: 9 })).toEqual(['too-short'])
  })

  it('has as many classes as the rules ask for', () => {
    expect(faults('gkvnxrtw')).toEqual(['too-few-classes'])
    expect(faults('gkvnxrt5')).toEqual(['too-few-classes'])
    expect(faults('gkvnxRt5')).toEqual([])
    expect(faults('gkvnxRt5', { minClasses: 4 })).toEqual(['too-few-classes'])
    expect(faults('gkvnx术语5')).toEqual([])
  })

  it.each([
    'Xy7!zhang.weiK',
    'x7QzHANGw#4pL',
    'Gf张伟8mKp!',
    'gNahz7!Kx4pQ',
    'x7Q!R20087kb',
    'Ｚhang7!Kx4pQ',
  ])('%s holds its owner’s name or number', (password) => {
    expect(faults(password)).toContain('contains-name')
  })

  it('does not take an empty name or number for one that it holds', () => {
    const nobody = { loginName: '', displayName: '', staffNumber: '' }
    expect(passwordFaults('mQ7#tLx2', rules, nobody)).toEqual([])
  })

  it('is judged in linear time, however long', () => {
    // Processor time: what else the machine does takes none of it.
    const before = process.cpuUsage()
    for (let i = 0; i < 20; i += 1) faults(`${'aB3#'.repeat(63)}x`)
    const { user, system } = process.cpuUsage(before)
    expect((user + system) / 1000).toBeLessThan(2000)
  })

  it('is held against several hundred words', () => {
    expect(weakWords.size).toBeGreaterThan(400)
    for (const word of weakWords) expect(word).toMatch(/^[a-z0-9]{3,16}$/)
  })
})
