import { once } from 'node:events'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { AccountRow, Api } from '../../../src/shared/api/index.ts'
import { auditRows } from '../audit-rows.ts'
import type { Call } from '../channel.ts'
import { signIn } from '../sign-in-client.ts'
import { type OfficersAtWork, officersAtWork } from './officers.ts'

let at: OfficersAtWork
beforeAll(async () => {
  // The gateway's own look at its sessions would hide that the officers' routes end them.
  at = await officersAtWork({ tuning: { sweepMs: 600_000 } })
})
afterAll(() => at.gateway.close())

const ok = { status: 200 }
const refused = (status: number, code: string, facts: object = {}) => ({ status, body: { code, facts } })
const reason = { reason: '测试' }
const authority = (...roles: string[]) => ({ roles, clearance: 'sensitive', emergency: false })
let last = 0
const enter = async (more: object = {}) => {
  last += 1
  const person = { loginName: `person.${last}`, displayName: `人员${last}`, ...more }
  return at.administrator.call('createAccount', { body: person })
}
const entered = async (): Promise<string> => (await enter()).body.id
const row = async (id: string) => {
  const { body } = await at.security.call('accounts')
  return (body as AccountRow[]).find((account) => account.id === id)
}
const tryKey = (signer: Parameters<typeof signIn>[1], more = {}) =>
  signIn(at.gateway.connect(at.desk.identity), signer, at.desk.id, more)

describe('a new person', () => {
  it('comes to work through two officers, and no sooner', async () => {
    const { administrator, security } = at
    const created = await enter({ staffNumber: 'A-001' })
    expect(created).toMatchObject(ok)
    const { id } = created.body
    const params = { id }
    const key = await at.key()
    expect(await tryKey(key.signer)).toMatchObject(refused(403, 'account-unknown'))
    const certificate = { params, body: { certificate: key.certificatePem } }
    expect(await administrator.call('bindCertificate', certificate)).toMatchObject(
      refused(403, 'permission-denied'),
    )
    expect(await security.call('bindCertificate', certificate)).toMatchObject({
      status: 200,
      body: { fingerprint: key.fingerprint },
    })
    expect(await tryKey(key.signer)).toMatchObject(refused(403, 'account-not-authorised'))
    const roles = { params, body: authority('radiologist') }
    expect(await administrator.call('authoriseAccount', roles)).toMatchObject(
      refused(403, 'permission-denied'),
    )
    expect(await security.call('authoriseAccount', roles)).toMatchObject(ok)
    expect(await tryKey(key.signer)).toMatchObject(ok)
    expect(await row(id)).toMatchObject({
      loginName: `person.${last}`,
      staffNumber: 'A-001',
      roles: ['radiologist'],
      clearance: 'sensitive',
      certificates: 1,
      lastSignInAt: expect.any(Number),
    })
  })

  it('may bind a key by the code that the security officer hands over', async () => {
    const { security } = at
    const id = await entered()
    await security.call('authoriseAccount', { params: { id }, body: authority('technologist') })
    const given = await security.call('createBindingCode', { params: { id } })
    expect(given).toMatchObject({ status: 200, body: { code: expect.stringMatching(/^[0-9A-Z]{26}$/) } })
    const [mine, another] = [await at.key(), await at.key()]
    const bindingCode = given.body.code
    const first = await tryKey(mine.signer, { bindingCode })
    expect(first).toMatchObject({ status: 200, body: { session: { accountId: id } } })
    expect(await tryKey(another.signer, { bindingCode })).toMatchObject({
      body: { code: 'binding-code-invalid' },
    })
    expect(await tryKey(mine.signer)).toMatchObject(ok)
  })

  it('is one of many who come with the same code at once', async () => {
    const { gateway, security } = at
    const desk = await gateway.workstation('binding desk')
    const id = await entered()
    await security.call('authoriseAccount', { params: { id }, body: authority('technologist') })
    const { code: bindingCode } = (await security.call('createBindingCode', { params: { id } })).body
    const keys = await Promise.all(Array.from({ length: 6 }, () => at.key()))
    const answers = await Promise.all(
      keys.map(({ signer }) => signIn(gateway.connect(desk.identity), signer, desk.id, { bindingCode })),
    )
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
    for (const { status, body } of answers)
      if (status !== 200) expect(body).toMatchObject({ code: 'binding-code-invalid' })
    expect((await row(id))?.certificates).toBe(1)
  })

  it('has one account, whatever the case and width of the name', async () => {
    await enter({ loginName: 'liu.yang', staffNumber: 'B-002' })
    for (const loginName of ['LIU.YANG', 'ｌｉｕ．ｙａｎｇ'])
      expect(await enter({ loginName })).toMatchObject(refused(409, 'conflict', { field: 'loginName' }))
    expect(await enter({ staffNumber: 'b-002' })).toMatchObject(
      refused(409, 'conflict', { field: 'staffNumber' }),
    )
  })

  it('gets no role from who enters them', async () => {
    expect(await enter({ roles: ['radiologist'] })).toMatchObject({
      status: 400,
      body: { code: 'bad-request' },
    })
    expect(await enter({ emergency: true })).toMatchObject({ status: 400 })
    const id = await entered()
    const rename = { params: { id }, body: { displayName: '另名' } }
    expect(await at.security.call('editAccount', rename)).toMatchObject(refused(403, 'permission-denied'))
    expect(await at.administrator.call('editAccount', rename)).toMatchObject(ok)
    expect(await row(id)).toMatchObject({ displayName: '另名', roles: [], emergency: false })
  })
})

describe('three people', () => {
  const officersOnly: [keyof Api, (id: string) => Call][] = [
    ['createAccount', () => ({ body: { loginName: 'x.y', displayName: '某' } })],
    ['editAccount', (id) => ({ params: { id }, body: { displayName: '某' } })],
    ['disableAccount', (id) => ({ params: { id }, body: reason })],
    ['enableAccount', (id) => ({ params: { id }, body: reason })],
    ['authoriseAccount', (id) => ({ params: { id }, body: authority() })],
    ['createBindingCode', (id) => ({ params: { id } })],
    ['revokeCertificate', () => ({ params: { fingerprint: 'a'.repeat(64) }, body: reason })],
  ]

  it.each(officersOnly)(
    'do not do %s at once: one of them may, the others and everybody else not',
    async (name, call) => {
      const { gateway, administrator, security, auditor } = at
      const reader = await gateway.session(at.desk, await gateway.person(`reader.of.${name.toLowerCase()}`))
      const id = await entered()
      const answers = []
      for (const who of [administrator, security, auditor, reader.channel])
        answers.push((await who.call(name, call(id))).body?.code === 'permission-denied')
      expect(answers.filter((denied) => !denied)).toHaveLength(1)
      expect(answers.slice(2)).toEqual([true, true])
    },
  )

  it('do not change their own accounts', async () => {
    const { administrator, security } = at
    const own = refused(403, 'own-account')
    const admin = { params: { id: administrator.accountId } }
    const officer = { params: { id: security.accountId } }
    expect(await administrator.call('editAccount', { ...admin, body: { displayName: '某' } })).toMatchObject(
      own,
    )
    expect(await administrator.call('disableAccount', { ...admin, body: reason })).toMatchObject(own)
    expect(await administrator.call('enableAccount', { ...admin, body: reason })).toMatchObject(own)
    const all = { ...officer, body: authority('security-officer') }
    expect(await security.call('authoriseAccount', all)).toMatchObject(own)
    const { certificatePem: certificate } = await at.key()
    expect(await security.call('bindCertificate', { ...officer, body: { certificate } })).toMatchObject(own)
    expect(await security.call('createBindingCode', officer)).toMatchObject(own)
    const key = { params: { fingerprint: security.fingerprint }, body: reason }
    expect(await security.call('revokeCertificate', key)).toMatchObject(own)
  })

  it('stay three: the last of each office is neither disabled nor given another role', async () => {
    const { administrator, security, auditor } = at
    for (const { accountId, role } of [
      { accountId: security.accountId, role: 'security-officer' },
      { accountId: auditor.accountId, role: 'auditor' },
    ])
      expect(
        await administrator.call('disableAccount', { params: { id: accountId }, body: reason }),
      ).toMatchObject(refused(409, 'last-officer', { role }))
    for (const { accountId, role } of [
      { accountId: administrator.accountId, role: 'system-administrator' },
      { accountId: auditor.accountId, role: 'auditor' },
    ])
      expect(
        await security.call('authoriseAccount', {
          params: { id: accountId },
          body: authority('radiologist'),
        }),
      ).toMatchObject(refused(409, 'last-officer', { role }))
  })

  it('hold one office each, and none does clinical work', async () => {
    const id = await entered()
    for (const roles of [
      ['auditor', 'security-officer'],
      ['system-administrator', 'radiologist'],
      ['bootstrap-administrator'],
    ])
      expect(
        await at.security.call('authoriseAccount', { params: { id }, body: authority(...roles) }),
      ).toMatchObject({ status: 400, body: { code: 'bad-request' } })
    expect((await row(id))?.roles).toEqual([])
  })
})

describe('what is taken away', () => {
  /** Takes it away by an officer's route. @returns how long the session lived on. */
  async function lives(what: 'account' | 'certificate' | 'role'): Promise<number> {
    const { gateway, administrator, security } = at
    const person = await gateway.person(`leaver.${what}`, { roles: ['radiologist', 'technologist'] })
    const session = await gateway.session(at.desk, person)
    const stream = await session.channel.stream('/v1/events')
    const told: string[] = []
    stream.on('data', (chunk) => told.push(String(chunk)))
    const params = { id: person.accountId }
    const began = Date.now()
    const done =
      what === 'account'
        ? await administrator.call('disableAccount', { params, body: reason })
        : what === 'role'
          ? await security.call('authoriseAccount', { params, body: authority('technologist') })
          : await security.call('revokeCertificate', {
              params: { fingerprint: person.fingerprint },
              body: reason,
            })
    expect(done).toMatchObject(ok)
    await once(stream, 'close')
    const took = Date.now() - began
    expect(told.join('')).toContain('"reason":"revoked"')
    return took
  }

  it.each(['account', 'certificate', 'role'] as const)('ends a live session at once: %s', async (what) => {
    expect(await lives(what)).toBeLessThan(2000)
  })

  it('is given back', async () => {
    const { gateway, administrator } = at
    const person = await gateway.person('comes.back')
    const params = { id: person.accountId }
    await administrator.call('disableAccount', { params, body: reason })
    expect(await tryKey(person.signer)).toMatchObject(refused(403, 'account-disabled'))
    await administrator.call('enableAccount', { params, body: reason })
    expect(await tryKey(person.signer)).toMatchObject(ok)
  })
})

describe('a key', () => {
  it('that could never sign in is not bound', async () => {
    const id = await entered()
    const expired = await at.key({ notAfter: Date.now() - 1000 })
    const bind = (certificate: string) =>
      at.security.call('bindCertificate', { params: { id }, body: { certificate } })
    expect(await bind(expired.certificatePem)).toMatchObject({ body: { code: 'certificate-expired' } })
    expect(await bind(at.gateway.hospital.certificatePem)).toMatchObject({
      body: { code: 'certificate-unsuitable', facts: { why: 'ca' } },
    })
    expect(await bind('x'.repeat(200))).toMatchObject(refused(400, 'bad-request', { field: 'certificate' }))
    const good = await at.key()
    expect(await bind(good.certificateDer.toString('base64'))).toMatchObject(ok)
  })

  it('of another person is refused as such', async () => {
    const { gateway, security } = at
    const person = await gateway.person('key.holder')
    const certificate = person.signer.certificateDer.toString('base64')
    const other = { params: { id: await entered() }, body: { certificate } }
    expect(await security.call('bindCertificate', other)).toMatchObject(refused(409, 'certificate-bound'))
    const same = { params: { id: person.accountId }, body: { certificate } }
    expect(await security.call('bindCertificate', same)).toMatchObject(
      refused(409, 'conflict', { field: 'certificate' }),
    )
  })
})

it('each change is in the audit with who made it, from where, and what it was before', async () => {
  const { administrator, security, auditor } = at
  const id = await entered()
  const params = { id }
  await administrator.call('editAccount', { params, body: { displayName: '改后', staffNumber: 'C-3' } })
  await security.call('authoriseAccount', { params, body: authority('radiologist') })
  await administrator.call('disableAccount', { params, body: { reason: '离职' } })
  const rows = (await auditRows(auditor)).filter(({ object }) => object === `account:${id}`)
  const admin = { actor: `account:${administrator.accountId}`, actorName: '姓名 zhao.jing' }
  const place = { workstation: at.desk.id, address: '127.0.0.1' }
  expect(rows).toMatchObject([
    { action: 'account.disabled', ...admin, ...place, detail: { reason: '离职' } },
    {
      action: 'account.authorised',
      actorName: '姓名 zhou.hai',
      detail: { before: { roles: [] }, after: { roles: ['radiologist'], clearance: 'sensitive' } },
    },
    {
      action: 'account.edited',
      ...admin,
      detail: { before: { staffNumber: null }, after: { staffNumber: 'C-3' } },
    },
    { action: 'account.created', ...admin },
  ])
})
