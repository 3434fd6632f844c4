import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { certificateRequest, newKey } from '../../../src/main/channel/csr.ts'
import { objectId, tlv, unsignedInteger } from '../../../src/main/der/index.ts'
import { temporary } from '../temporary.ts'

describe('the certificate request', () => {
  it('is one that openssl reads and verifies, name in UTF-8', () => {
    const file = join(temporary('csr'), 'request.der')
    writeFileSync(file, certificateRequest(newKey(), '阅片室一'))
    const show = ['req', '-inform', 'DER', '-in', file, '-verify', '-noout', '-text', '-nameopt', 'utf8']
    const text = execFileSync('openssl', show, { stdio: ['ignore', 'pipe', 'pipe'] }).toString()
    expect(text).toContain('CN=阅片室一')
    expect(text).toContain('NIST CURVE: P-256')
    expect(text).toContain('ecdsa-with-SHA256')
  })

  it('gives another key each time', () => {
    expect(newKey()).not.toBe(newKey())
  })
})

describe('DER', () => {
  it('writes long lengths and large arcs', () => {
    expect(tlv(0x04, Buffer.alloc(300)).subarray(0, 4).toString('hex')).toBe('0482012c')
    expect(tlv(0x04, Buffer.alloc(128)).subarray(0, 3).toString('hex')).toBe('048180')
    expect(objectId('1.2.840.10045.4.3.2').toString('hex')).toBe('06082a8648ce3d040302')
    expect(unsignedInteger(Buffer.from([0, 0, 0])).toString('hex')).toBe('020100')
  })
})
