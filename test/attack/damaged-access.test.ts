import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Role } from '../../src/shared/access/index.ts'
import type { Api } from '../../src/shared/api/index.ts'
import { auditRows } from '../server/audit-rows.ts'
import { type ComposedGateway, composeGateway, type Session } from './composed-gateway.ts'
import { changer, flipped } from './damage.ts'
import { params } from './patient.ts'

/** Claims, labels and broken glass changed on the disk: what is damaged opens nothing, and keeps nobody from their exam. */
let gateway: ComposedGateway
const sessions = new Map<Role, Session>()
beforeAll(async () => {
  gateway = await composeGateway()
  for (const role of ['radiologist', 'resident', 'technologist', 'auditor'] as const)
    sessions.set(role, await gateway.session(gateway.people[role]))
})
afterAll(() => gateway.remove())

const call = (role: Role, name: keyof Api, body?: unknown) =>
  sessions.get(role)!.channel.call(name, { params, ...(body === undefined ? {} : { body }) })
const told = async (table: string) => {
  const rows = await auditRows(sessions.get('auditor')!.channel)
  return rows.filter(({ action, object }) => action === 'integrity.failed' && object.startsWith(`${table}:`))
    .length
}
const restricted = { status: 403, body: { code: 'study-restricted' } }

describe('a claim that was changed', () => {
  it('keeps nobody from the exam, and is told once', async () => {
    expect((await call('radiologist', 'claimExam', { takeOver: false })).status).toBe(200)
    const other = await call('resident', 'claimExam', { takeOver: false })
    expect(other).toMatchObject({ body: { code: 'exam-claimed' } })
    const sealed = gateway.tamper((database) =>
      database.prepare('select sealed_claim from study_claims').pluck().get(),
    )
    gateway.tamper((database) =>
      database.prepare('update study_claims set sealed_claim = ?').run(flipped(String(sealed))),
    )
    expect((await call('technologist', 'worklist', { filter: {} })).status).toBe(200)
    expect((await call('resident', 'claimExam', { takeOver: false })).status).toBe(200)
    expect(await told('study_claims')).toBe(1)
  })

  it('is another’s by its sealed value, whatever its clear columns say', async () => {
    gateway.tamper((database) =>
      database.prepare('update study_claims set account_id = ?').run(gateway.people.radiologist.accountId),
    )
    expect((await call('radiologist', 'claimExam', { takeOver: false })).status).toBe(200)
    const row = gateway.tamper((database) =>
      database.prepare('select account_id from study_claims').pluck().get(),
    )
    expect(row).toBe(gateway.people.radiologist.accountId)
    expect((await call('radiologist', 'releaseExam')).status).toBe(200)
  })
})

describe('a sensitivity label', () => {
  beforeAll(async () => {
    const body = { sensitivity: 'sensitive', reason: '职工本人' }
    expect((await call('radiologist', 'labelStudy', body)).status).toBe(200)
  })

  it('that was changed is the most restricted one, and is told once', async () => {
    await changer(gateway)('study_labels.sealed_label', '1', flipped, async () => {
      await gateway.restart()
      for (const role of ['radiologist', 'technologist', 'auditor', 'resident'] as const)
        sessions.set(role, await gateway.session(gateway.people[role]))
      for (let time = 0; time < 2; time += 1)
        expect(await call('technologist', 'study')).toMatchObject(restricted)
      expect(await told('study_labels')).toBe(1)
    })
  })

  it('is not opened to another session by a broken glass that was copied or changed', async () => {
    expect(await call('resident', 'study')).toMatchObject(restricted)
    expect((await call('radiologist', 'breakGlass', { reason: '抢救会诊需要' })).status).toBe(200)
    expect((await call('radiologist', 'study')).status).toBe(200)
    const { accountId } = gateway.people.resident
    const sessionId = sessions.get('resident')!.id
    gateway.tamper((database) => {
      const copy = database.prepare(
        `insert into glass_breaks select ?, ?, ?, study_index, sealed_break, broken_at, ends_at
         from glass_breaks where session_id <> ?`,
      )
      copy.run('copied', accountId, sessionId, sessionId)
    })
    expect(await call('resident', 'study')).toMatchObject(restricted)
    expect(await told('glass_breaks')).toBe(1)
    // Nor can what was recorded be taken away.
    for (const sql of ['delete from glass_breaks', 'update glass_breaks set ends_at = 0'])
      expect(() => gateway.tamper((database) => database.prepare(sql).run())).toThrow('append-only')
    await call('resident', 'breakGlass', { reason: '抢救会诊需要' })
    expect((await call('resident', 'study')).status).toBe(200)
  })
})
