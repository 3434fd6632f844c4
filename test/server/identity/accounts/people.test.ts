import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Role } from '../../../../src/shared/access/index.ts'
import { as, by, peopleAtHand } from './people-at-hand.ts'

let hand: Awaited<ReturnType<typeof peopleAtHand>>
beforeAll(async () => {
  hand = await peopleAtHand()
})
afterAll(() => hand.foundation.close())

const create = (over: object = {}) =>
  hand.accounts.create({ loginName: 'wang.wei', displayName: '王伟', roles: ['radiologist'], ...over }, by)
const row = async (id: string) => (await hand.accounts.list()).find((account) => account.id === id)

describe('accounts', () => {
  it('have a login name each, whatever its case and width', async () => {
    const id = await create()
    expect(await hand.accounts.idOf(' Wang.Wei ')).toBe(id)
    expect(await hand.accounts.idOf('ｗａｎｇ．ｗｅｉ')).toBe(id)
    for (const loginName of ['WANG.WEI', ' wang.wei', 'ｗａｎｇ.ｗｅｉ', 'ＷＡＮＧ．ＷＥＩ'])
      await expect(create({ loginName })).rejects.toMatchObject({
        code: 'conflict',
        facts: { field: 'loginName' },
      })
    expect(await hand.accounts.idOf('li.na')).toBeNull()
  })

  it('are written as they are looked up: a fullwidth name is kept as the plain one', async () => {
    const id = await create({ loginName: 'Ｌｉｕ.Ｙａｎｇ' })
    expect((await row(id))?.loginName).toBe('liu.yang')
  })

  it('of one name asked for at once are one', async () => {
    const results = await Promise.allSettled(
      Array.from({ length: 5 }, () => create({ loginName: 'at.once' })),
    )
    expect(results.filter((result) => result.status === 'fulfilled')).toHaveLength(1)
  })

  it('have a staff number that nobody else has, whatever its case and width; two without one are no pair', async () => {
    const first = await create({ loginName: 'staff.1', staffNumber: 'FS-0127' })
    for (const staffNumber of ['FS-0127', 'fs-0127', ' FS-0127 ', 'ＦＳ-０１２７'])
      await expect(create({ loginName: 'staff.2', staffNumber })).rejects.toMatchObject({
        code: 'conflict',
        facts: { field: 'staffNumber' },
      })
    const second = await create({ loginName: 'staff.2' })
    await create({ loginName: 'staff.3' })
    const numbered = { displayName: '王伟', staffNumber: 'fs-0127' }
    await expect(hand.accounts.edit(second, numbered, by)).rejects.toMatchObject({
      facts: { field: 'staffNumber' },
    })
    await hand.accounts.edit(first, numbered, by)
    expect((await row(first))?.staffNumber).toBe('fs-0127')
    await hand.accounts.edit(first, { displayName: '王伟' }, by)
    await hand.accounts.edit(second, numbered, by)
    expect([(await row(first))?.staffNumber, (await row(second))?.staffNumber]).toEqual(['', 'fs-0127'])
  })

  it.each<[string, object, string]>([
    ['an empty login name', { loginName: '' }, 'loginName'],
    ['a login name with a space', { loginName: 'a b' }, 'loginName'],
    ['a login name with markup', { loginName: '<b>' }, 'loginName'],
    ['a login name of another script', { loginName: 'wаng' }, 'loginName'],
    ['too long a login name', { loginName: 'a'.repeat(33) }, 'loginName'],
    ['no name', { displayName: ' ' }, 'displayName'],
    ['a name with a direction mark', { displayName: '王\u202E伟' }, 'displayName'],
    ['a staff number with a space', { staffNumber: '12 34' }, 'staffNumber'],
    ['too long a staff number', { staffNumber: '1'.repeat(21) }, 'staffNumber'],
    ['a role that is none', { roles: ['root'] }, 'roles'],
    ['a role twice', { roles: ['radiologist', 'radiologist'] }, 'roles'],
    ['the role of the bootstrap administrator', { roles: ['bootstrap-administrator'] }, 'roles'],
    ['a clearance that is none', { clearance: 'all' }, 'clearance'],
  ])('are not made with %s', async (_, over, field) => {
    await expect(create({ loginName: 'fresh.name', ...over })).rejects.toMatchObject({
      code: 'bad-request',
      facts: { field },
    })
  })

  it.each<Role[][]>([
    [['system-administrator', 'security-officer']],
    [['security-officer', 'auditor']],
    [['auditor', 'radiologist']],
    [['technologist', 'system-administrator']],
  ])('do not join %j: the officers are three people, and none does clinical work', async (roles) => {
    await expect(create({ loginName: 'overlap', roles })).rejects.toMatchObject({ facts: { field: 'roles' } })
    const id = await hand.person('radiologist')
    const authority = { roles, clearance: 'general', emergency: false } as const
    await expect(hand.accounts.authorise(id, authority, by)).rejects.toMatchObject({
      facts: { field: 'roles' },
    })
  })

  it('begin with no role, the least clearance, and no place in an emergency', async () => {
    const id = await hand.accounts.create({ loginName: 'new.one', displayName: '新人' }, by)
    expect(await row(id)).toMatchObject({
      roles: [],
      clearance: 'general',
      emergency: false,
      disabled: false,
      staffNumber: '',
      certificates: 0,
    })
  })

  it('are disabled and enabled with a reason, and each change is recorded once', async () => {
    const id = await create({ loginName: 'to.leave' })
    await expect(hand.accounts.disable(id, ' ', by)).rejects.toMatchObject({ facts: { field: 'reason' } })
    await hand.accounts.disable(id, '离职', by)
    await hand.accounts.disable(id, '离职', by)
    expect((await row(id))?.disabled).toBe(true)
    await hand.accounts.enable(id, '返聘', by)
    await hand.accounts.enable(id, '返聘', by)
    expect((await row(id))?.disabled).toBe(false)
    const recorded = (await hand.recorded(id)).map(({ action, detail }) => [action, detail.reason])
    expect(recorded).toEqual([
      ['account.enabled', '返聘'],
      ['account.disabled', '离职'],
      ['account.created', undefined],
    ])
  })

  it('that do not exist are not changed', async () => {
    const { accounts } = hand
    const none = { code: 'not-found', facts: { field: 'account' } }
    await expect(accounts.disable('nobody', 'left', by)).rejects.toMatchObject(none)
    await expect(accounts.enable('nobody', 'back', by)).rejects.toMatchObject(none)
    await expect(accounts.edit('nobody', { displayName: '某' }, by)).rejects.toMatchObject(none)
  })

  it('are not changed by their own person', async () => {
    const id = await hand.person('system-administrator')
    const { accounts } = hand
    const own = { code: 'own-account' }
    await expect(accounts.edit(id, { displayName: '另名' }, as(id))).rejects.toMatchObject(own)
    await expect(accounts.disable(id, 'left', as(id))).rejects.toMatchObject(own)
    await expect(accounts.enable(id, 'back', as(id))).rejects.toMatchObject(own)
  })

  it('leave no name in the database file, and what changed in the audit', async () => {
    const id = await create({
      loginName: 'chen.jing.unique',
      displayName: '陈静唯一',
      staffNumber: 'UNIQ-77431',
    })
    await hand.accounts.edit(id, { displayName: '陈静改名', staffNumber: 'UNIQ-77432' }, by)
    for (const file of ['vigil.db', 'vigil.db-wal']) {
      const bytes = await readFile(join(hand.foundation.dir, file)).catch(() => Buffer.alloc(0))
      for (const secret of ['chen.jing.unique', '陈静唯一', '陈静改名', 'UNIQ-7743'])
        expect(bytes.includes(secret)).toBe(false)
    }
    expect(await row(id)).toMatchObject({ loginName: 'chen.jing.unique', displayName: '陈静改名' })
    const [edited] = await hand.recorded(id)
    expect(edited).toMatchObject({
      action: 'account.edited',
      detail: {
        before: { displayName: '陈静唯一', staffNumber: 'UNIQ-77431' },
        after: { displayName: '陈静改名', staffNumber: 'UNIQ-77432' },
      },
    })
  })
})
