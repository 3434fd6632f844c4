import { Secret, TOTP } from 'otpauth'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createHolders, type Holder } from '../../../../src/server/identity/credentials/holders.ts'
import { createTotps } from '../../../../src/server/identity/credentials/totp.ts'
import { createAccounts } from '../../../../src/server/identity/index.ts'
import { openTestFoundation } from '../../foundation.ts'

const by = { kind: 'cli', id: 'test' } as const
const step = 30_000

let foundation: Awaited<ReturnType<typeof openTestFoundation>>
let holder: Holder
let totps: ReturnType<typeof createTotps>
beforeEach(async () => {
  foundation = await openTestFoundation({ hospital: '市第一医院' })
  const id = await createAccounts(foundation).create(
    { loginName: 'zhang.wei', displayName: '张伟', roles: ['radiologist'] },
    by,
  )
  holder = await createHolders(foundation).byId(id)
  totps = createTotps(foundation)
})
afterEach(() => foundation.close())

const issue = () => foundation.store.db.transaction().execute((trx) => totps.issue(trx, holder))
const codeOf = (secret: string, at = foundation.time.now) =>
  TOTP.generate({ secret: Secret.fromBase32(secret), timestamp: at })
async function enter(code: string, which: 'either' | 'pending' = 'either'): Promise<boolean> {
  const good = await totps.check(holder.accountId, code, which)
  return good !== null && foundation.store.transaction((trx) => totps.take(trx, holder.accountId, good, by))
}

describe('TOTP', () => {
  it('gives the codes of RFC 6238 (appendix B, SHA-1, the last six digits)', async () => {
    const secret = Secret.fromLatin1('12345678901234567890').base32
    for (const [seconds, code] of [
      [59, '287082'],
      [1_111_111_109, '081804'],
      [20_000_000_000, '353130'],
    ] as const) {
      expect(codeOf(secret, seconds * 1000)).toBe(code)
    }
  })

  it('is issued as 160 bits, with a URI that authenticators read', async () => {
    const { secret, uri } = await issue()
    expect(Secret.fromBase32(secret).bytes).toHaveLength(20)
    const read = new URL(uri)
    expect([read.protocol, read.host]).toEqual(['otpauth:', 'totp'])
    expect(decodeURIComponent(read.pathname)).toContain('zhang.wei')
    expect(Object.fromEntries(read.searchParams)).toMatchObject({
      secret,
      issuer: 'Vigil 市第一医院',
      algorithm: 'SHA1',
      digits: '6',
      period: '30',
    })
    const row = await foundation.store.db.selectFrom('account_totp').selectAll().executeTakeFirstOrThrow()
    expect(row.sealed_secret).not.toContain(secret)
  })

  it('takes a code once, one step early or late, and never one before the last that was taken', async () => {
    const { secret } = await issue()
    const now = foundation.time.now
    expect(await enter(codeOf(secret, now - 2 * step))).toBe(false)
    expect(await enter(codeOf(secret, now + 2 * step))).toBe(false)
    expect(await enter(codeOf(secret))).toBe(true)
    expect(await enter(codeOf(secret))).toBe(false)
    expect(await enter(codeOf(secret, now - step))).toBe(false)
    expect(await enter(codeOf(secret, now + step))).toBe(true)
    expect(await enter(codeOf(secret, now + step))).toBe(false)
    // Nor on a clock that was set back to when it was good.
    foundation.time.now = now
    expect(await enter(codeOf(secret, now))).toBe(false)
    foundation.time.now = now - 86_400_000
    expect(await enter(codeOf(secret, foundation.time.now))).toBe(false)
  })

  it('takes a code from one of twenty who come with it at once', async () => {
    const { secret } = await issue()
    const code = codeOf(secret)
    const taken = await Promise.all(Array.from({ length: 20 }, () => enter(code)))
    expect(taken.filter(Boolean)).toHaveLength(1)
  })

  it('goes on with the old secret until a code confirms the new one', async () => {
    const first = await issue()
    expect(await totps.enrolledAt(holder.accountId)).toBeNull()
    expect(await enter(codeOf(first.secret), 'pending')).toBe(true)
    expect(await totps.enrolledAt(holder.accountId)).toBe(foundation.time.now)
    const [second, third] = [await issue(), await issue()]
    foundation.time.now += step
    expect(await enter(codeOf(second.secret), 'pending')).toBe(false)
    expect(await enter(codeOf(third.secret))).toBe(false)
    expect(await enter(codeOf(first.secret))).toBe(true)
    expect(await enter(codeOf(third.secret), 'pending')).toBe(true)
    foundation.time.now += step
    expect(await enter(codeOf(first.secret))).toBe(false)
    expect(await enter(codeOf(third.secret))).toBe(true)
    const rows = await foundation.store.db.selectFrom('account_totp').select('id').execute()
    expect(rows).toHaveLength(1)
  })
})
