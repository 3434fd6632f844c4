import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { by, peopleAtHand } from './people-at-hand.ts'

const day = 86_400_000

let hand: Awaited<ReturnType<typeof peopleAtHand>>
beforeAll(async () => {
  hand = await peopleAtHand()
})
afterAll(() => hand.foundation.close())

const bound = async (fingerprint: string) =>
  (await hand.accounts.boundCertificates()).find((row) => row.fingerprint === fingerprint)

describe('a certificate', () => {
  it('is taken as PEM, DER and base64 DER, and nothing else', async () => {
    const id = await hand.person('radiologist')
    const [pem, der, base64] = [await hand.certificate(), await hand.certificate(), await hand.certificate()]
    const { accounts } = hand
    expect(await accounts.bindCertificate(id, pem.openssl.toString(), by)).toBe(pem.fingerprint)
    expect(await accounts.bindCertificate(id, der.der, by)).toBe(der.fingerprint)
    expect(await accounts.bindCertificate(id, base64.der.toString('base64'), by)).toBe(base64.fingerprint)
    for (const wrong of ['nonsense', '', '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----'])
      await expect(accounts.bindCertificate(id, wrong, by)).rejects.toMatchObject({
        code: 'bad-request',
        facts: { field: 'certificate' },
      })
  })

  it('speaks for one account, and is not another’s even after it was revoked', async () => {
    const [first, second] = [await hand.person('radiologist'), await hand.person('radiologist')]
    const { accounts } = hand
    const certificate = await hand.certificate()
    await accounts.bindCertificate(first, certificate.der, by)
    await expect(accounts.bindCertificate(second, certificate.der, by)).rejects.toMatchObject({
      code: 'certificate-bound',
    })
    const again = { code: 'conflict', facts: { field: 'certificate' } }
    await expect(accounts.bindCertificate(first, certificate.der, by)).rejects.toMatchObject(again)
    await accounts.revokeCertificate(certificate.fingerprint, 'lost', by)
    await expect(accounts.bindCertificate(second, certificate.der, by)).rejects.toMatchObject({
      code: 'certificate-bound',
    })
    await expect(accounts.bindCertificate(first, certificate.der, by)).rejects.toMatchObject(again)
    expect(await accounts.ofCertificate(certificate.fingerprint)).toMatchObject({
      id: first,
      bindingRevoked: true,
    })
  })

  it('bound to two people at once is bound to one', async () => {
    const people = [await hand.person('radiologist'), await hand.person('radiologist')]
    const { der } = await hand.certificate()
    const results = await Promise.allSettled(people.map((id) => hand.accounts.bindCertificate(id, der, by)))
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  })

  it('is bound to nobody who is not there, and revoked once, with a reason', async () => {
    const { accounts } = hand
    const { der, fingerprint } = await hand.certificate()
    await expect(accounts.bindCertificate('nobody', der, by)).rejects.toMatchObject({ code: 'not-found' })
    await expect(accounts.revokeCertificate(fingerprint, 'lost', by)).rejects.toMatchObject({
      code: 'not-found',
      facts: { field: 'certificate' },
    })
    const person = await hand.keyHolder(['radiologist'])
    await expect(accounts.revokeCertificate(person.fingerprint, '', by)).rejects.toMatchObject({
      facts: { field: 'reason' },
    })
    await accounts.revokeCertificate(person.fingerprint, '遗失', by)
    await expect(accounts.revokeCertificate(person.fingerprint, '遗失', by)).rejects.toMatchObject({
      code: 'not-found',
    })
    const [row] = await hand.foundation.audit.tail()
    expect(row).toMatchObject({
      action: 'account.certificate-revoked',
      object: `certificate:${person.fingerprint}`,
      detail: { accountId: person.id, reason: '遗失' },
    })
  })

  it('counts for its account as long as it speaks for it', async () => {
    const { id, fingerprint } = await hand.keyHolder(['radiologist'])
    await hand.accounts.bindCertificate(id, (await hand.certificate({ notAfter: Date.now() + day })).der, by)
    const count = async () => (await hand.accounts.list()).find((row) => row.id === id)?.certificates
    expect(await count()).toBe(2)
    hand.foundation.time.now += 2 * day
    expect(await count()).toBe(1)
    await hand.accounts.revokeCertificate(fingerprint, 'lost', by)
    expect(await count()).toBe(0)
    hand.foundation.time.now -= 2 * day
  })

  it('is kept whole, out of sight, and told damaged where it was changed', async () => {
    const { id, fingerprint } = await hand.keyHolder(['radiologist'])
    const { db } = hand.foundation.store
    expect((await bound(fingerprint))?.certificate?.fingerprint).toBe(fingerprint)
    const { sealed_certificate: sealed } = await db
      .selectFrom('account_certificates')
      .select('sealed_certificate')
      .where('fingerprint', '=', fingerprint)
      .executeTakeFirstOrThrow()
    const other = await hand.keyHolder(['radiologist'])
    await db
      .updateTable('account_certificates')
      .set({ sealed_certificate: sealed })
      .where('fingerprint', '=', other.fingerprint)
      .execute()
    expect(await bound(other.fingerprint)).toMatchObject({ accountId: other.id, certificate: null })
    expect((await bound(fingerprint))?.accountId).toBe(id)
    const [row] = await hand.foundation.audit.tail()
    expect(row).toMatchObject({
      action: 'integrity.failed',
      object: `account_certificates:${other.fingerprint}`,
      detail: { column: 'sealed_certificate' },
    })
  })
})

describe('the security officers', () => {
  it('keep one key between them: without it no key could be bound again', async () => {
    const alone = await peopleAtHand()
    const { accounts } = alone
    const first = await alone.keyHolder(['security-officer'])
    const lastOne = { code: 'last-officer', facts: { role: 'security-officer' } }
    await expect(accounts.revokeCertificate(first.fingerprint, 'lost', by)).rejects.toMatchObject(lastOne)
    expect(await accounts.ofCertificate(first.fingerprint)).toMatchObject({ bindingRevoked: false })
    const spare = (await alone.certificate()).der
    await accounts.bindCertificate(first.id, spare, by)
    await accounts.revokeCertificate(first.fingerprint, 'lost', by)
    // The others' keys are the security officer's to replace.
    const auditor = await alone.keyHolder(['auditor'])
    await accounts.revokeCertificate(auditor.fingerprint, 'lost', by)
    await alone.foundation.close()
  })
})
