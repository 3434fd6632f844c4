import { randomUUID } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createHashing } from '../../../../src/server/identity/credentials/hashing.ts'
import { createHolders, type Holder } from '../../../../src/server/identity/credentials/holders.ts'
import { oneTimePassword } from '../../../../src/server/identity/credentials/one-time-password.ts'
import { createPasswords } from '../../../../src/server/identity/credentials/passwords.ts'
import { createAccounts } from '../../../../src/server/identity/index.ts'
import type { VigilError } from '../../../../src/shared/errors/index.ts'
import { openTestFoundation } from '../../foundation.ts'

const by = { kind: 'cli', id: 'test' } as const
const day = 86_400_000

let foundation: Awaited<ReturnType<typeof openTestFoundation>>
let holder: Holder
let passwords: ReturnType<typeof createPasswords>
beforeEach(async () => {
  foundation = await openTestFoundation({
    startingPolicy: {
      signIn: { factors: 'certificate-and-password', oneTimeCodeHours: 8 },
      password: { history: 3, maxAgeDays: 30, warnDays: 5 },
    },
  })
  const id = await createAccounts(foundation).create(
    { loginName: 'zhang.wei', displayName: '张伟', roles: ['radiologist'] },
    by,
  )
  holder = await createHolders(foundation).byId(id)
  passwords = createPasswords(foundation, { hashing: createHashing(), isFallbackGranted: async () => false })
})
afterEach(() => foundation.close())

async function change(password: string): Promise<void> {
  const prepared = await passwords.prepareChange(holder, password)
  await foundation.store.transaction((trx) => prepared(trx, by))
}
const refusal = (work: Promise<unknown>) =>
  work.then(
    () => null,
    (error: VigilError) => error.toFailure(),
  )
const fits = (password: string) => passwords.verify(holder.accountId, password)

describe('passwords', () => {
  it('fit whatever the width they are typed in, and no other does', async () => {
    await change('mQ7#tLx2vB')
    expect(await fits('mQ7#tLx2vB')).toBe(true)
    expect(await fits('ｍＱ７＃ｔＬｘ２ｖＢ')).toBe(true)
    expect(await fits('mQ7#tLx2vb')).toBe(false)
    expect(await passwords.verify(randomUUID(), 'mQ7#tLx2vB')).toBe(false)
    expect(await passwords.verify(null, 'mQ7#tLx2vB')).toBe(false)
  })

  it('are argon2id, sealed, each with its own salt', async () => {
    await change('mQ7#tLx2vB')
    const bytes = await readFile(join(foundation.dir, 'vigil.db-wal'))
    for (const text of ['mQ7#tLx2vB', '$argon2', Buffer.from('mQ7#tLx2vB').toString('base64')])
      expect(bytes.includes(text)).toBe(false)
    const row = await foundation.store.db
      .selectFrom('account_passwords')
      .selectAll()
      .executeTakeFirstOrThrow()
    const place = { table: 'account_passwords', column: 'sealed_hash', row: row.id }
    const hash = foundation.protection.open(place, row.sealed_hash)
    expect(hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/)
    expect(await createHashing().hash('mQ7#tLx2vB')).not.toBe(hash)
    const tail = JSON.stringify(await foundation.audit.tail())
    expect(tail).toContain('password.changed')
    expect(tail).not.toContain('mQ7')
  })

  it('are not used again within the history', async () => {
    const chosen = ['mQ7#tLx2vB', 'gT4!nWc8rD', 'hY6%kZp3sF', 'jU9&bXq5wG']
    for (const password of chosen) {
      await change(password)
      foundation.time.now += day
    }
    for (const password of chosen.slice(1)) {
      expect(await refusal(passwords.prepareChange(holder, password))).toEqual({
        code: 'password-unacceptable',
        facts: { why: 'reused', history: 3 },
      })
    }
    expect(await refusal(change('mQ7#tLx2vB'))).toBeNull()
  })

  it.each([
    ['short1!A', 'too-short'],
    ['alllowercaseonly', 'too-few-classes'],
    ['P@ssw0rd123', 'weak'],
    ['X9!zhang.weiKq', 'contains-name'],
  ])('%s is refused with what it must be', async (password, why) => {
    expect(await refusal(passwords.prepareChange(holder, password))).toEqual({
      code: 'password-unacceptable',
      facts: { why, minLength: 10, minClasses: 3 },
    })
  })

  it('must be changed when their time is over, and the person is warned before', async () => {
    await change('mQ7#tLx2vB')
    const setAt = foundation.time.now
    const due = async () => {
      const current = await passwords.current(holder.accountId)
      return current && passwords.changeDue(current)
    }
    foundation.time.now = setAt + 25 * day - 1
    expect([await due(), await passwords.endsAt(holder.accountId)]).toEqual([null, null])
    foundation.time.now += 1
    expect([await due(), await passwords.endsAt(holder.accountId)]).toEqual([null, setAt + 30 * day])
    foundation.time.now = setAt + 30 * day
    expect(await due()).toBe('expired')
    expect(await fits('mQ7#tLx2vB')).toBe(true)
  })

  it('are the newest one, though the clock was set back in between', async () => {
    await change('mQ7#tLx2vB')
    foundation.time.now -= 300 * day
    await change('gT4!nWc8rD')
    expect(await fits('mQ7#tLx2vB')).toBe(false)
    expect(await fits('gT4!nWc8rD')).toBe(true)
  })

  it('from an officer must be changed, end after the policy’s hours, and bring none before back', async () => {
    await change('mQ7#tLx2vB')
    const { password, expiresAt } = await passwords.reset(holder.accountId, by)
    expect(expiresAt).toBe(foundation.time.now + 8 * 3_600_000)
    expect(await fits('mQ7#tLx2vB')).toBe(false)
    expect(await fits(password)).toBe(true)
    const current = await passwords.current(holder.accountId)
    expect(current && passwords.changeDue(current)).toBe('must-change')
    foundation.time.now = expiresAt
    expect(await passwords.current(holder.accountId)).toBeNull()
    expect(await passwords.isNew(holder.accountId)).toBe(false)
    for (const any of [password, 'mQ7#tLx2vB']) expect(await fits(any)).toBe(false)
    const tail = JSON.stringify(await foundation.audit.tail())
    expect(tail).toContain('password.reset')
    expect(tail).not.toContain(password)
    // One that nobody chose takes no place in the history.
    await change('gT4!nWc8rD')
    const rows = await foundation.store.db.selectFrom('account_passwords').selectAll().execute()
    expect(rows.map((row) => row.expires_at)).toEqual([null, null])
  })

  it('are refused whole where the stored one was moved from another account', async () => {
    await change('mQ7#tLx2vB')
    await foundation.store.db.updateTable('account_passwords').set({ id: randomUUID() }).execute()
    expect(await refusal(fits('mQ7#tLx2vB'))).toMatchObject({ code: 'internal' })
    expect((await foundation.audit.tail())[0]).toMatchObject({ action: 'integrity.failed' })
  })
})

describe('one-time passwords', () => {
  it('are long, readable and all different', () => {
    const made = Array.from({ length: 500 }, () => oneTimePassword(foundation.random))
    for (const password of made)
      expect(password).toMatch(/^[abcdefghjkmnpqrstuvwxyz23456789]{4}(-[a-z2-9]{4}){3}$/)
    expect(new Set(made).size).toBe(500)
  })

  it('pass over bytes beyond the last whole round of the alphabet, which would favour its beginning', () => {
    const given = [248, 255, 0, 247]
    let next = 0
    const bytes = (length: number) => Uint8Array.from({ length }, () => given[next++ % 4] ?? 0)
    expect(oneTimePassword(bytes)).toBe('a9a9-a9a9-a9a9-a9a9')
  })
})

describe('hashing', () => {
  it('makes a few hashes at a time, lets a bounded number wait, and refuses the rest', async () => {
    const hashing = createHashing({ together: 2, waiting: 6 })
    const all = await Promise.allSettled(
      Array.from({ length: 40 }, () => hashing.verify(null, 'whatever it is')),
    )
    const done = all.filter((one) => one.status === 'fulfilled')
    expect(done).toHaveLength(8)
    for (const one of all.filter((each) => each.status === 'rejected'))
      expect(one.reason).toMatchObject({ code: 'too-many-requests' })
    // Those who were refused hold nothing up.
    expect(await hashing.verify(await hashing.hash('x'), 'x')).toBe(true)
  })
})
