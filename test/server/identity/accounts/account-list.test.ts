import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { loginIndexOf } from '../../../../src/server/identity/accounts/index.ts'
import { createAccounts } from '../../../../src/server/identity/index.ts'
import { by, peopleAtHand } from './people-at-hand.ts'

const hour = 3_600_000
const day = 24 * hour

let hand: Awaited<ReturnType<typeof peopleAtHand>>
beforeEach(async () => {
  hand = await peopleAtHand()
})
afterEach(() => hand.foundation.close())

const row = async (id: string) => (await hand.accounts.list()).find((account) => account.id === id)

describe('the list of accounts', () => {
  it('says what each may sign in with, as of the newest that counts', async () => {
    const [id, other] = [await hand.person('radiologist'), await hand.person('radiologist')]
    const { db } = hand.foundation.store
    const now = hand.foundation.time.now
    const password = { account_id: id, sealed_hash: '', must_change: 0, expires_at: null }
    await db
      .insertInto('account_passwords')
      .values([
        { ...password, id: 'old', set_at: now - 100 * day },
        { ...password, id: 'new', set_at: now - 10 * day },
        { ...password, id: 'other', account_id: other, set_at: now, expires_at: now + hour, must_change: 1 },
      ])
      .execute()
    const grant = { account_id: id, sealed_reason: '', granted_by: 'x', granted_at: now, sign_ins: 0 }
    const running = { ...grant, ended_at: null, ended_by: null }
    await db
      .insertInto('fallback_grants')
      .values([
        { ...running, id: 'over', ends_at: now },
        { ...running, id: 'live', ends_at: now + 2 * hour },
        { ...grant, id: 'ended', ends_at: now + 9 * hour, ended_at: now, ended_by: 'x' },
      ])
      .execute()
    const totp = { sealed_secret: '', created_at: now, last_step: null }
    await db
      .insertInto('account_totp')
      .values([
        { ...totp, id: 'confirmed', account_id: id, confirmed_at: now },
        { ...totp, id: 'waiting', account_id: other, confirmed_at: null },
      ])
      .execute()
    const { protection } = hand.foundation
    const lockout = { failures: 5, last_failure_at: now }
    await db
      .insertInto('lockouts')
      .values([
        { ...lockout, subject: `account:${loginIndexOf(protection, 'Person.1')}`, locked_until: now + 1 },
        { ...lockout, subject: `account:${loginIndexOf(protection, 'person.2')}`, locked_until: now },
        { ...lockout, subject: 'account:of-nobody', locked_until: now + hour },
        { ...lockout, subject: 'workstation:person.1', locked_until: now + hour },
      ])
      .execute()
    expect(await row(id)).toMatchObject({
      password: { expiresAt: now + 80 * day, mustChange: false },
      lockedUntil: now + 1,
      fallbackUntil: now + 2 * hour,
      totpEnrolled: true,
      lastSignInAt: null,
    })
    expect(await row(other)).toMatchObject({
      password: { expiresAt: now + hour, mustChange: true },
      lockedUntil: null,
      fallbackUntil: null,
      totpEnrolled: false,
    })
  })

  it('is not broken by a damaged value: that one is empty, and told once', async () => {
    const ids = [await hand.person('radiologist'), await hand.person('radiologist')]
    const [first = '', second = ''] = ids
    await hand.accounts.edit(first, { displayName: '甲', staffNumber: 'A1' }, by)
    await hand.accounts.edit(second, { displayName: '乙', staffNumber: 'B2' }, by)
    expect((await hand.accounts.displayNames()).get(first)).toBe('甲')
    const { db } = hand.foundation.store
    const sealed = await db
      .selectFrom('accounts')
      .selectAll()
      .where('id', '=', second)
      .executeTakeFirstOrThrow()
    // Another row's values, which were opened before: what is known of them there does not open them here.
    await db
      .updateTable('accounts')
      .set({
        sealed_name: sealed.sealed_name,
        sealed_login: 'v1.nonsense',
        sealed_staff_number: sealed.sealed_staff_number,
      })
      .where('id', '=', first)
      .execute()
    for (const _ of [1, 2]) {
      expect(await row(first)).toMatchObject({ loginName: '', displayName: '', staffNumber: '' })
      expect(await row(second)).toMatchObject({ displayName: '乙', staffNumber: 'B2' })
      expect((await hand.accounts.displayNames()).get(first)).toBe('')
    }
    const damage = (await hand.foundation.audit.tail()).filter(({ action }) => action === 'integrity.failed')
    expect(damage.map(({ object, detail }) => [object, detail.column]).sort()).toEqual(
      ['sealed_login', 'sealed_name', 'sealed_staff_number'].map((column) => [`accounts:${first}`, column]),
    )
    // It is put right by being entered anew.
    await hand.accounts.edit(first, { displayName: '丙', staffNumber: 'C3' }, by)
    expect(await row(first)).toMatchObject({ displayName: '丙', staffNumber: 'C3' })
  })

  it('shows a name that another process changed, though names are not decrypted each time', async () => {
    const id = await hand.person('radiologist')
    let opened = 0
    const { protection } = hand.foundation
    const counting = {
      ...hand.foundation,
      protection: {
        ...protection,
        open: (...args: Parameters<typeof protection.open>) => {
          opened += 1
          return protection.open(...args)
        },
      },
    }
    const accounts = createAccounts(counting)
    expect((await accounts.displayNames()).get(id)).toBe('人员1')
    expect((await accounts.displayNames()).get(id)).toBe('人员1')
    expect(opened).toBe(1)
    await hand.accounts.edit(id, { displayName: '新名' }, by)
    expect((await accounts.displayNames()).get(id)).toBe('新名')
    expect(opened).toBe(2)
  })
})
