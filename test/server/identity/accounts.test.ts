import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Role } from '../../../src/shared/access/index.ts'
import { startGateway, type TestGateway } from '../gateway-harness.ts'

const by = { kind: 'cli', id: 'test' } as const
let gateway: TestGateway
beforeAll(async () => {
  gateway = await startGateway()
})
afterAll(() => gateway.close())

const create = (over: object = {}) =>
  gateway.accounts.create({ loginName: 'wang.wei', displayName: '王伟', roles: ['radiologist'], ...over }, by)

describe('accounts', () => {
  it('have a login name each, whatever its case', async () => {
    const id = await create()
    expect(await gateway.accounts.idOf(' Wang.Wei ')).toBe(id)
    await expect(create({ loginName: 'WANG.WEI' })).rejects.toMatchObject({
      code: 'conflict',
      facts: { field: 'loginName' },
    })
    expect(await gateway.accounts.idOf('li.na')).toBeNull()
  })

  it('of one name asked for at once are one', async () => {
    const results = await Promise.allSettled(
      Array.from({ length: 5 }, () => create({ loginName: 'at.once' })),
    )
    expect(results.filter((result) => result.status === 'fulfilled')).toHaveLength(1)
  })

  it.each<[string, object, string]>([
    ['an empty login name', { loginName: '' }, 'loginName'],
    ['a login name with a space', { loginName: 'a b' }, 'loginName'],
    ['a login name with markup', { loginName: '<b>' }, 'loginName'],
    ['too long a login name', { loginName: 'a'.repeat(33) }, 'loginName'],
    ['no name', { displayName: ' ' }, 'displayName'],
    ['no role', { roles: [] }, 'roles'],
    ['a role that is none', { roles: ['root'] }, 'roles'],
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
  })

  it('share no certificate', async () => {
    const key = await gateway.hospital.issue({ commonName: 'shared', keyType: 'P-256' })
    const [first, second] = [await create({ loginName: 'first' }), await create({ loginName: 'second' })]
    await gateway.accounts.bindCertificate(first, key.certificatePem, by)
    await expect(gateway.accounts.bindCertificate(second, key.certificateDer, by)).rejects.toMatchObject({
      code: 'conflict',
      facts: { field: 'certificate' },
    })
    await expect(gateway.accounts.bindCertificate(first, 'nonsense', by)).rejects.toMatchObject({
      code: 'bad-request',
    })
    const other = await gateway.hospital.issue({ commonName: 'other', keyType: 'P-256' })
    await expect(gateway.accounts.bindCertificate('nobody', other.certificatePem, by)).rejects.toMatchObject({
      code: 'not-found',
    })
  })

  it('leave no name in the database file, and a row in the audit for each change', async () => {
    const id = await create({ loginName: 'chen.jing.unique', displayName: '陈静唯一' })
    await gateway.accounts.disable(id, by)
    const files = ['vigil.db', 'vigil.db-wal']
    for (const file of files) {
      const bytes = await readFile(join(gateway.dir, file)).catch(() => Buffer.alloc(0))
      expect(bytes.includes('chen.jing.unique')).toBe(false)
      expect(bytes.includes('陈静唯一')).toBe(false)
    }
    const row = (await gateway.accounts.list()).find((account) => account.id === id)
    expect(row).toMatchObject({ loginName: 'chen.jing.unique', displayName: '陈静唯一', disabled: true })
    const rows = (await gateway.foundation.audit.tail()).filter((entry) => entry.object.includes(id))
    expect(rows.map((entry) => entry.action)).toEqual(['account.disabled', 'account.created'])
    await expect(gateway.accounts.disable('nobody', by)).rejects.toMatchObject({ code: 'not-found' })
  })
})
