import { randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { backoffMs } from '../../../src/main/channel/events.ts'
import { channelError, isSessionOver, isUnreachable, refusalOf } from '../../../src/main/channel/failures.ts'
import { ErrorCode, VigilError } from '../../../src/shared/errors/index.ts'

const system = (code: string, cause?: unknown) => Object.assign(new Error('张三 secret', { cause }), { code })

describe('errors on the way to the gateway', () => {
  it.each([
    ['ECONNREFUSED', 'gateway-unreachable'],
    ['ENOTFOUND', 'gateway-unreachable'],
    ['ECONNRESET', 'gateway-unreachable'],
    ['ETIMEDOUT', 'gateway-unreachable'],
    ['EAI_AGAIN', 'gateway-unreachable'],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'gateway-untrusted'],
    ['SELF_SIGNED_CERT_IN_CHAIN', 'gateway-untrusted'],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', 'gateway-untrusted'],
    ['CERT_HAS_EXPIRED', 'gateway-untrusted'],
    ['CERT_NOT_YET_VALID', 'clock-skewed'],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'gateway-untrusted'],
    ['ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION', 'gateway-protocol'],
    ['ERR_SSL_WRONG_VERSION_NUMBER', 'gateway-protocol'],
    ['ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED', 'client-certificate-required'],
    ['ERR_SSL_SSL/TLS_ALERT_CERTIFICATE_REVOKED', 'workstation-revoked'],
    ['EPROTO', 'gateway-protocol'],
    ['HPE_INVALID_CONSTANT', 'gateway-protocol'],
  ])('%s is %s', (code, expected) => {
    const error = channelError(system(code))
    expect(error.code).toBe(expected)
    expect(JSON.stringify(error.toFailure())).not.toContain('secret')
  })

  it('finds the code below what wraps it', () => {
    expect(channelError(system('ERR_NETWORK', system('CERT_HAS_EXPIRED'))).code).toBe('gateway-untrusted')
    expect(channelError(new AggregateError([system('ECONNREFUSED')])).code).toBe('gateway-unreachable')
    expect(channelError('nothing').code).toBe('gateway-unreachable')
  })

  it('passes codes of the union through and takes no others from the wire', () => {
    expect(refusalOf('{"code":"session-elsewhere","facts":{"since":5}}')).toMatchObject({
      code: 'session-elsewhere',
      facts: { since: 5 },
    })
    for (const body of ['', '{}', '<html>', '{"code":"made-up"}', '{"code":"internal","facts":{"a":{}}}']) {
      expect(refusalOf(body).code).toBe('gateway-protocol')
    }
  })

  it('knows for each code of the union whether waiting helps or the session is over, never both', () => {
    for (const code of ErrorCode.options) {
      const error = new VigilError(code)
      expect(isUnreachable(error) && isSessionOver(error)).toBe(false)
    }
  })

  it('waits longer each time, up to a limit', () => {
    const waits = [0, 1, 2, 3, 10, 100].map((attempt) => backoffMs(attempt, () => new Uint8Array([0])))
    expect(waits).toEqual([500, 1_000, 2_000, 4_000, 15_000, 15_000])
    expect(backoffMs(0, randomBytes)).toBeLessThan(626)
  })
})
