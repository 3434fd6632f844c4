import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { OfficerRole } from '../../../../src/shared/access/index.ts'
import { as, by, peopleAtHand } from './people-at-hand.ts'

let hand: Awaited<ReturnType<typeof peopleAtHand>>
beforeEach(async () => {
  hand = await peopleAtHand()
})
afterEach(() => hand.foundation.close())

const taken = { code: 'conflict', facts: { field: 'officer' } }
const administrator = async (loginName = 'chen.gang') =>
  hand.accounts.bootstrap.createAdministrator(
    { loginName, displayName: '陈刚' },
    await hand.certificate(),
    by,
  )
const officer = async (role: OfficerRole, bootstrap: string, loginName = `the.${role}`) =>
  hand.accounts.bootstrap.createOfficer(
    { loginName, displayName: `三员 ${role}` },
    { role, certificate: await hand.certificate() },
    as(bootstrap),
  )
const row = async (id: string) => (await hand.accounts.list()).find((account) => account.id === id)

describe('the bootstrap administrator', () => {
  it('is one', async () => {
    await administrator()
    await expect(administrator('another')).rejects.toMatchObject(taken)
  })

  it('is not made where there is an officer, with a key or without', async () => {
    await hand.person('auditor')
    await expect(administrator()).rejects.toMatchObject(taken)
    expect(await hand.accounts.list()).toHaveLength(1)
  })

  it('is made once of two asked for at once', async () => {
    const results = await Promise.allSettled([administrator('first'), administrator('second')])
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  })

  it('creates the three officers, each with a key, and is disabled with the third', async () => {
    const id = await administrator()
    expect(await officer('auditor', id)).toEqual({ remaining: ['system-administrator', 'security-officer'] })
    expect(await officer('system-administrator', id)).toEqual({ remaining: ['security-officer'] })
    expect((await row(id))?.disabled).toBe(false)
    expect(await officer('security-officer', id)).toEqual({ remaining: [] })
    expect(await row(id)).toMatchObject({ disabled: true, roles: ['bootstrap-administrator'] })
    const officers = (await hand.accounts.list()).filter((account) => account.id !== id)
    expect(officers.map(({ roles, certificates }) => [...roles, certificates])).toEqual([
      ['auditor', 1],
      ['system-administrator', 1],
      ['security-officer', 1],
    ])
    expect((await hand.recorded(id))[0]).toMatchObject({
      action: 'account.disabled',
      detail: { reason: 'bootstrap-done' },
    })
  })

  it('never comes back, and never becomes anything else', async () => {
    const id = await administrator()
    for (const role of ['auditor', 'system-administrator', 'security-officer'] as const)
      await officer(role, id)
    const denied = { code: 'permission-denied' }
    const { accounts } = hand
    await expect(accounts.enable(id, 'again', by)).rejects.toMatchObject(denied)
    const authority = { roles: ['radiologist'], clearance: 'general', emergency: false } as const
    await expect(accounts.authorise(id, authority, by)).rejects.toMatchObject(denied)
    await expect(accounts.bindCertificate(id, (await hand.certificate()).der, by)).rejects.toMatchObject(
      denied,
    )
    await expect(accounts.createBindingCode(id, by)).rejects.toMatchObject(denied)
    await expect(administrator('another')).rejects.toMatchObject(taken)
  })

  it('gives each office once, and a person one of them', async () => {
    const id = await administrator()
    await officer('auditor', id)
    await expect(officer('auditor', id, 'second.auditor')).rejects.toMatchObject({
      code: 'conflict',
      facts: { field: 'role' },
    })
    await expect(officer('security-officer', id, 'the.auditor')).rejects.toMatchObject({
      code: 'conflict',
      facts: { field: 'loginName' },
    })
    const [auditor] = (await hand.accounts.boundCertificates()).filter(({ accountId }) => accountId !== id)
    const withKeyOf = (certificate: NonNullable<typeof auditor>['certificate']) =>
      hand.accounts.bootstrap.createOfficer(
        { loginName: 'same.person', displayName: '同一人' },
        { role: 'security-officer', certificate: certificate! },
        as(id),
      )
    await expect(withKeyOf(auditor!.certificate)).rejects.toMatchObject({ code: 'certificate-bound' })
    const own = (await hand.accounts.boundCertificates()).find(({ accountId }) => accountId === id)
    await expect(withKeyOf(own!.certificate)).rejects.toMatchObject({ code: 'certificate-bound' })
    // Nothing stays of what was refused.
    expect(await hand.accounts.idOf('same.person')).toBeNull()
    expect(await hand.accounts.bootstrap.officers()).toHaveLength(1)
  })

  it('is neither disabled nor left without a key while an office waits: there would be nobody to fill it', async () => {
    const id = await administrator()
    const [own] = await hand.accounts.boundCertificates()
    await officer('system-administrator', id)
    const waiting = { code: 'last-officer', facts: { role: 'security-officer' } }
    await expect(hand.accounts.disable(id, 'early', by)).rejects.toMatchObject(waiting)
    await expect(hand.accounts.revokeCertificate(own!.fingerprint, 'lost', by)).rejects.toMatchObject(waiting)
    await officer('security-officer', id)
    await officer('auditor', id)
    await hand.accounts.revokeCertificate(own!.fingerprint, 'not needed', by)
  })

  it('goes as well where an officer fills the last office', async () => {
    const id = await administrator()
    await officer('system-administrator', id)
    await officer('security-officer', id)
    const person = await hand.person()
    const authority = { roles: ['auditor'], clearance: 'general', emergency: false } as const
    await hand.accounts.authorise(person, authority, by)
    expect((await row(id))?.disabled).toBe(true)
  })
})
