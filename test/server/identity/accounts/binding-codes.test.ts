import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Certificate } from '../../../../src/server/identity/certificate.ts'
import { BindingCode } from '../../../../src/shared/api/index.ts'
import { by, peopleAtHand } from './people-at-hand.ts'

const hour = 3_600_000
const invalid = { code: 'binding-code-invalid' }

let hand: Awaited<ReturnType<typeof peopleAtHand>>
beforeAll(async () => {
  hand = await peopleAtHand({ startingPolicy: { signIn: { oneTimeCodeHours: 2 } } })
})
afterAll(() => hand.foundation.close())

const use = (code: string, certificate: Certificate) =>
  hand.accounts.bindByCode({ code, certificate, workstationId: 'desk', address: '10.0.0.7' })

describe('a binding code', () => {
  it('binds a key to its person once, and says in the audit from where', async () => {
    const id = await hand.person('radiologist')
    const { code, expiresAt } = await hand.accounts.createBindingCode(id, by)
    expect(BindingCode.parse(code)).toHaveLength(26)
    expect(expiresAt).toBe(hand.foundation.time.now + 2 * hour)
    const certificate = await hand.certificate()
    expect(await use(code, certificate)).toBe(id)
    expect(await hand.accounts.ofCertificate(certificate.fingerprint)).toMatchObject({
      id,
      authorised: true,
      bindingRevoked: false,
    })
    await expect(use(code, await hand.certificate())).rejects.toMatchObject(invalid)
    const [bound, created] = await hand.recorded(id)
    expect(created).toMatchObject({ action: 'account.binding-code-created', detail: { expiresAt } })
    expect(bound).toMatchObject({
      action: 'account.certificate-bound',
      actor: `account:${id}`,
      workstation: 'desk',
      address: '10.0.0.7',
      detail: { certificate: certificate.fingerprint, by: 'binding-code' },
    })
    expect(JSON.stringify(await hand.foundation.audit.tail())).not.toContain(code)
    for (const file of ['vigil.db', 'vigil.db-wal'])
      expect((await readFile(join(hand.foundation.dir, file))).includes(code)).toBe(false)
  })

  it('is used by one of many who come with it at once', async () => {
    const id = await hand.person('radiologist')
    const { code } = await hand.accounts.createBindingCode(id, by)
    const keys = await Promise.all(Array.from({ length: 8 }, () => hand.certificate()))
    const results = await Promise.allSettled(keys.map((key) => use(code, key)))
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    for (const result of results)
      if (result.status === 'rejected') expect(result.reason).toMatchObject(invalid)
    expect((await hand.accounts.list()).find((row) => row.id === id)?.certificates).toBe(1)
  })

  it('is good to its end and no longer, whatever policy says by then', async () => {
    const id = await hand.person('radiologist')
    const [early, late] = [await hand.certificate(), await hand.certificate()]
    const first = await hand.accounts.createBindingCode(id, by)
    hand.foundation.time.now += 2 * hour
    await expect(use(first.code, late)).rejects.toMatchObject(invalid)
    const second = await hand.accounts.createBindingCode(id, by)
    hand.foundation.time.now += 2 * hour - 1
    expect(await use(second.code, early)).toBe(id)
  })

  it('voids the one before it, used or not', async () => {
    const id = await hand.person('radiologist')
    const first = await hand.accounts.createBindingCode(id, by)
    const second = await hand.accounts.createBindingCode(id, by)
    await expect(use(first.code, await hand.certificate())).rejects.toMatchObject(invalid)
    expect(await use(second.code, await hand.certificate())).toBe(id)
  })

  it.each(['', '0'.repeat(26), 'not-a-code'])('that was never given, like %j, is none', async (code) => {
    await expect(use(code, await hand.certificate())).rejects.toMatchObject(invalid)
  })

  it('is still good after a refusal for another reason', async () => {
    const { accounts } = hand
    const other = await hand.keyHolder(['radiologist'])
    const id = await hand.person('radiologist')
    const { code } = await accounts.createBindingCode(id, by)
    const theirs = (await accounts.boundCertificates()).find((row) => row.fingerprint === other.fingerprint)
    await expect(use(code, theirs!.certificate!)).rejects.toMatchObject({ code: 'certificate-bound' })
    await accounts.disable(id, 'leave', by)
    await expect(use(code, await hand.certificate())).rejects.toMatchObject({ code: 'account-disabled' })
    await accounts.enable(id, 'back', by)
    const authority = { clearance: 'general', emergency: false } as const
    await accounts.authorise(id, { ...authority, roles: [] }, by)
    await expect(use(code, await hand.certificate())).rejects.toMatchObject({
      code: 'account-not-authorised',
    })
    await accounts.authorise(id, { ...authority, roles: ['technologist'] }, by)
    expect(await use(code, await hand.certificate())).toBe(id)
  })

  it('is given back where the transaction it was used in fails', async () => {
    const id = await hand.person('radiologist')
    const { code } = await hand.accounts.createBindingCode(id, by)
    const certificate = await hand.certificate()
    const request = { code, certificate, workstationId: 'desk', address: '' }
    await expect(
      hand.foundation.store.transaction(async (trx) => {
        await hand.accounts.bindByCode(request, trx)
        throw new Error('the rest failed')
      }),
    ).rejects.toThrow('the rest failed')
    expect(await hand.accounts.ofCertificate(certificate.fingerprint)).toBeNull()
    expect(await hand.accounts.bindByCode(request)).toBe(id)
  })

  it('is not made for nobody, nor for who is disabled', async () => {
    await expect(hand.accounts.createBindingCode('nobody', by)).rejects.toMatchObject({ code: 'not-found' })
    const id = await hand.person('radiologist')
    await hand.accounts.disable(id, 'left', by)
    await expect(hand.accounts.createBindingCode(id, by)).rejects.toMatchObject({ code: 'account-disabled' })
  })
})
