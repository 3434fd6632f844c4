import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { OfficerRole, Role } from '../../../../src/shared/access/index.ts'
import { as, by, peopleAtHand } from './people-at-hand.ts'

const day = 86_400_000
const officers: OfficerRole[] = ['system-administrator', 'security-officer', 'auditor']

let hand: Awaited<ReturnType<typeof peopleAtHand>>
beforeEach(async () => {
  hand = await peopleAtHand()
})
afterEach(() => hand.foundation.close())

const authority = (...roles: Role[]) => ({ roles, clearance: 'general', emergency: false }) as const
const last = (role: Role) => ({ code: 'last-officer', facts: { role } })

describe.each(officers)('the last %s who can sign in', (role) => {
  it('is neither disabled nor given other roles; with a second one, either may be', async () => {
    const { accounts } = hand
    const first = await hand.keyHolder([role])
    await expect(accounts.disable(first.id, 'left', by)).rejects.toMatchObject(last(role))
    for (const roles of [[], ['radiologist']] as Role[][])
      await expect(accounts.authorise(first.id, authority(...roles), by)).rejects.toMatchObject(last(role))
    // The same role again is no loss.
    await accounts.authorise(first.id, { ...authority(role), clearance: 'sensitive' }, by)
    await hand.keyHolder([role])
    await accounts.disable(first.id, 'left', by)
  })

  it.each<[string, (h: typeof hand) => Promise<unknown>]>([
    ['without a key', (h) => h.person(role)],
    ['whose key has expired', (h) => h.keyHolder([role], { notAfter: Date.now() - day })],
    [
      'whose key was revoked',
      async (h) => {
        const { fingerprint } = await h.keyHolder([role])
        await h.accounts.revokeCertificate(fingerprint, 'lost', by)
      },
    ],
    [
      'who is disabled',
      async (h) => {
        const { id } = await h.keyHolder([role])
        await h.accounts.disable(id, 'leave', by)
      },
    ],
    ['of another office', (h) => h.keyHolder([role === 'auditor' ? 'security-officer' : 'auditor'])],
  ])('is not relieved by one %s', async (_, another) => {
    const first = await hand.keyHolder([role])
    await another(hand)
    await expect(hand.accounts.disable(first.id, 'left', by)).rejects.toMatchObject(last(role))
    expect((await hand.accounts.list()).find(({ id }) => id === first.id)?.disabled).toBe(false)
  })

  it('is still there when two are disabled at once', async () => {
    const [first, second] = [await hand.keyHolder([role]), await hand.keyHolder([role])]
    const results = await Promise.allSettled(
      [first, second].map(({ id }) => hand.accounts.disable(id, 'left', by)),
    )
    expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
  })

  it('may go where the key is worth nothing any more: nobody loses anything', async () => {
    const first = await hand.keyHolder([role], { notAfter: Date.now() + day })
    hand.foundation.time.now += 2 * day
    await hand.accounts.disable(first.id, 'left', by)
  })
})

describe('what people may do', () => {
  it('is given as a whole, and recorded before and after', async () => {
    const id = await hand.person()
    await hand.accounts.authorise(
      id,
      { roles: ['radiologist', 'technologist'], clearance: 'highly-sensitive', emergency: true },
      by,
    )
    expect((await hand.accounts.list()).find((row) => row.id === id)).toMatchObject({
      roles: ['radiologist', 'technologist'],
      clearance: 'highly-sensitive',
      emergency: true,
    })
    expect((await hand.recorded(id))[0]).toMatchObject({
      action: 'account.authorised',
      detail: {
        before: { roles: [], clearance: 'general', emergency: false },
        after: { roles: ['radiologist', 'technologist'], clearance: 'highly-sensitive', emergency: true },
      },
    })
  })

  it('is never said by the person', async () => {
    const { id, fingerprint } = await hand.keyHolder(['security-officer'])
    const { accounts } = hand
    const own = { code: 'own-account' }
    await expect(accounts.authorise(id, authority('auditor'), as(id))).rejects.toMatchObject(own)
    const { der } = await hand.certificate()
    await expect(accounts.bindCertificate(id, der, as(id))).rejects.toMatchObject(own)
    await expect(accounts.revokeCertificate(fingerprint, 'lost', as(id))).rejects.toMatchObject(own)
    await expect(accounts.createBindingCode(id, as(id))).rejects.toMatchObject(own)
  })

  it('is not said of nobody', async () => {
    await expect(hand.accounts.authorise('nobody', authority(), by)).rejects.toMatchObject({
      code: 'not-found',
    })
  })
})
