import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Role } from '../../src/shared/access/index.ts'
import type { Alert } from '../../src/shared/alert/index.ts'
import type { Api, DictionaryVersion, QuarantinedMessage } from '../../src/shared/api/index.ts'
import { auditRows } from '../server/audit-rows.ts'
import type { Answer, Call } from '../server/channel.ts'
import { type ComposedGateway, composeGateway, type Session } from './composed-gateway.ts'
import { dayOfCriticalValues, listeningConfig, listeningFiles } from './critical-day.ts'
import { changer, flipped } from './damage.ts'
import { params as ofPatient } from './patient.ts'
import { startUnfriendlyReceiver } from './unfriendly-receiver.ts'

/** Stored values of the dictionary, the outbox, merges and the quarantine, each changed by one character on the disk. */
let gateway: ComposedGateway
let receiver: Awaited<ReturnType<typeof startUnfriendlyReceiver>>
const sessions = new Map<Role, Session>()
beforeAll(async () => {
  receiver = await startUnfriendlyReceiver('', { takes: true })
  gateway = await composeGateway({
    files: listeningFiles,
    config: { ...listeningConfig(), criticalTargets: [receiver.target] },
  })
  await dayOfCriticalValues(gateway)
  await everybodyIn()
})
afterAll(async () => {
  await gateway.remove()
  receiver.stop()
})

async function everybodyIn(): Promise<void> {
  for (const role of [
    'radiologist',
    'technologist',
    'quality-manager',
    'system-administrator',
    'auditor',
  ] as const)
    sessions.set(role, await gateway.session(gateway.people[role]))
}

const call = (role: Role, name: keyof Api, more: Call = {}): Promise<Answer> =>
  sessions.get(role)!.channel.call(name, more)
const must = async (role: Role, name: keyof Api, more: Call = {}) => {
  const answer = await call(role, name, more)
  expect([name, answer.status, answer.body]).toEqual([name, 200, answer.body])
  return answer.body
}
const wholeList = { body: { filter: {} } }
const changed = (...what: Parameters<ReturnType<typeof changer>>) => changer(gateway)(...what)
const refused = (answer: Answer, table: string) =>
  expect(answer).toMatchObject({ status: 500, body: { code: 'internal', facts: { damaged: table } } })
const value = <T>(query: string) => gateway.tamper((database) => database.prepare(query).pluck().get() as T)

/** How often damage of this row was told, in the audit. */
async function told(table: string, row: string): Promise<number> {
  const rows = await auditRows(sessions.get('auditor')!.channel)
  return rows.filter(({ action, object }) => action === 'integrity.failed' && object === `${table}:${row}`)
    .length
}

describe('a quarantined message', () => {
  it('that was changed is refused and told once; the others are as ever', async () => {
    const list = async (): Promise<QuarantinedMessage[]> =>
      (await must('system-administrator', 'quarantine')).messages
    const before = await list()
    const [first, ...others] = before
    expect(others.length).toBeGreaterThan(1)
    const params = { id: first!.id }
    await changed('quarantine.sealed_message', `id = '${first!.id}'`, flipped, async () => {
      for (let time = 0; time < 2; time++) {
        expect(await list()).toEqual(others)
        refused(await call('system-administrator', 'quarantinedMessage', { params }), 'quarantine')
        const replay = await call('system-administrator', 'replayQuarantined', { params, body: {} })
        refused(replay, 'quarantine')
        const discard = { params, body: { reason: '看不懂' } }
        refused(await call('system-administrator', 'discardQuarantined', discard), 'quarantine')
      }
      for (const { id } of others)
        await must('system-administrator', 'quarantinedMessage', { params: { id } })
      await must('system-administrator', 'incomingFeeds')
      // Who looked at which is on record.
      const audit = await auditRows(sessions.get('auditor')!.channel)
      const opened = audit.filter(({ action }) => action === 'quarantine.opened').slice(0, others.length)
      const by = `account:${gateway.people['system-administrator'].accountId}`
      expect(opened.map(({ actor, object }) => [actor, object]).sort()).toEqual(
        others.map(({ id }) => [by, `message:${id}`]).sort(),
      )
    })
    expect(await told('quarantine', first!.id)).toBe(1)
    expect(await list()).toEqual(before)
  })
})

describe('a merge of patients', () => {
  it('that was changed joins nobody, is told once, and holds up no worklist', async () => {
    const row = value<string>('select merged_index from patient_merges')
    const before = await must('technologist', 'worklist', wholeList)
    await changed('patient_merges.sealed_merge', '1', flipped, async () => {
      for (let time = 0; time < 2; time++) {
        await must('technologist', 'study', { params: ofPatient })
        expect((await must('technologist', 'worklist', wholeList)).total).toBe(before.total)
      }
    })
    expect(await told('patient_merges', row)).toBe(1)
    const after = await must('technologist', 'worklist', wholeList)
    expect(after).toEqual({ ...before, revision: after.revision })
  })
})

describe('a version of the dictionary', () => {
  const versions = async (): Promise<DictionaryVersion[]> =>
    (await must('quality-manager', 'dictionaryVersions')).versions
  const named = (version: string) => call('quality-manager', 'dictionaryVersion', { params: { version } })

  it('that was changed after it was published is left out of the list and refused, and told once', async () => {
    const [, older] = await versions()
    const { version } = older!
    const inForce = await must('radiologist', 'dictionary')
    expect(inForce.version).not.toBe(version)
    await changed('dictionary_versions.sealed_version', `id = '${version}'`, flipped, async () => {
      for (let time = 0; time < 2; time++) {
        expect((await versions()).map((one) => one.version)).toEqual([inForce.version])
        refused(await named(version), 'dictionary_versions')
        const from = { body: { from: version } }
        refused(await call('quality-manager', 'beginDictionaryDraft', from), 'dictionary_versions')
      }
      expect(await must('radiologist', 'dictionary')).toEqual(inForce)
    })
    expect(await told('dictionary_versions', version)).toBe(1)
    expect(await versions()).toHaveLength(2)
  })

  it('that is in force and was changed goes on in force while the gateway runs; none starts on it', async () => {
    const inForce = await must('radiologist', 'dictionary')
    const row = `id = '${inForce.version}'`
    await changed('dictionary_versions.sealed_version', row, flipped, async () => {
      expect(await must('radiologist', 'dictionary')).toEqual(inForce)
      refused(await named(inForce.version), 'dictionary_versions')
      expect(await told('dictionary_versions', inForce.version)).toBe(1)
      await expect(gateway.restart()).rejects.toThrow(`version ${inForce.version}, sealed_version`)
    })
    await gateway.restart()
    await everybodyIn()
    expect(await must('radiologist', 'dictionary')).toEqual(inForce)
    // By each of the two gateways.
    expect(await told('dictionary_versions', inForce.version)).toBe(2)
  })

  it('that is a draft and was changed is not saved, tested or published, and can only be set aside', async () => {
    const draft: DictionaryVersion = await must('quality-manager', 'beginDictionaryDraft', { body: {} })
    const { content } = (await named(draft.version)).body
    const revision = { body: { revision: draft.revision } }
    const row = `id = '${draft.version}'`
    await changed('dictionary_versions.sealed_version', row, flipped, async () => {
      for (const [name, more] of [
        ['saveDictionaryDraft', { body: { baseRevision: draft.revision, content } }],
        ['beginDryRun', { body: { ...revision.body, months: 1 } }],
        ['publishDictionary', revision],
        ['beginDictionaryDraft', { body: {} }],
      ] as const)
        refused(await call('quality-manager', name, more), 'dictionary_versions')
      expect((await versions()).map((one) => one.version)).not.toContain(draft.version)
      await must('radiologist', 'dictionary')
      await must('quality-manager', 'discardDictionaryDraft')
      const next: DictionaryVersion = await must('quality-manager', 'beginDictionaryDraft', { body: {} })
      expect(next.version).not.toBe(draft.version)
      await must('quality-manager', 'discardDictionaryDraft')
    })
    expect(await told('dictionary_versions', draft.version)).toBe(1)
    // Whole again, it is still set aside, and no reason not to start.
    await gateway.restart()
    await everybodyIn()
    const again = (await versions()).find((one) => one.version === draft.version)
    expect(again).toMatchObject({ state: 'discarded' })
  })
})

describe('a message in the outbox', () => {
  it('that was changed goes out to nobody, and holds up none of the same patient', async () => {
    const alerts: Alert[] = (await must('radiologist', 'alerts')).alerts
    const rows = gateway.tamper((database) =>
      database.prepare('select id, alert_id from outbox order by message_id').all(),
    ) as { id: string; alert_id: string }[]
    const first = rows[0]!
    const stateOf = (id: string) =>
      value<string>(`select state || ':' || coalesce(last_error, '') from outbox where id = '${id}'`)
    // As after a restore of the day before: all of it goes out again.
    gateway.tamper((database) => database.exec(`update outbox set state = 'retrying', next_attempt_at = 0`))
    await changed('outbox.sealed_message', `id = '${first.id}'`, flipped, async () => {
      await gateway.restart()
      await expect.poll(() => stateOf(first.id), { timeout: 20_000 }).toBe('refused:record-damaged')
      for (const { id } of rows.slice(1))
        await expect.poll(() => stateOf(id), { timeout: 20_000 }).toBe('delivered:')
      await everybodyIn()
      const { letters } = await must('system-administrator', 'deadLetters')
      expect(letters).toMatchObject([{ id: first.id, alertId: first.alert_id, error: 'record-damaged' }])
      const { targets } = await must('system-administrator', 'deliveryTargets')
      expect(targets).toMatchObject([{ name: 'his', circuit: 'closed', deadLetters: 1 }])
      expect((await must('radiologist', 'alerts')).alerts.map(({ id }: Alert) => id)).toEqual(
        alerts.map(({ id }) => id),
      )
      expect(await told('outbox', first.id)).toBe(1)
    })
    expect((await gateway.beside(({ audit }) => audit.verify())).faults).toEqual([])
  })
})
