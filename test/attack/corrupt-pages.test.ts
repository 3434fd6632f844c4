import { closeSync, openSync, writeSync } from 'node:fs'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Role } from '../../src/shared/access/index.ts'
import { type ComposedGateway, composeGateway, type Session } from './composed-gateway.ts'

/** Pages of the database that SQLite itself cannot make sense of, while the gateway runs. */
let gateway: ComposedGateway
const sessions = new Map<Role, Session>()
beforeAll(async () => {
  gateway = await composeGateway()
  for (const role of ['radiologist', 'technologist', 'security-officer'] as const)
    sessions.set(role, await gateway.session(gateway.people[role]))
})
afterAll(() => gateway.remove())

it('refuse what needs them, alarmed, and let everything else go on', async () => {
  const pages = gateway.tamper(
    (database) =>
      database
        .prepare(`select rootpage from sqlite_schema where tbl_name = 'user_settings' and rootpage > 0`)
        .pluck()
        .all() as number[],
  )
  expect(pages).toHaveLength(2)
  gateway.tamper((database) => database.exec('pragma wal_checkpoint(truncate)'))
  const descriptor = openSync(gateway.paths.database, 'r+')
  for (const page of pages) writeSync(descriptor, Buffer.alloc(64, 0xff), 0, 64, (page - 1) * 4096)
  closeSync(descriptor)
  // Another process commits: what the gateway has in memory of the file is worth nothing any more.
  gateway.tamper((database) => database.exec('pragma user_version = 7'))
  const settings = () =>
    sessions.get('radiologist')!.channel.call('settings', { params: { area: 'phrases' } })
  for (const _ of [1, 2])
    expect(await settings()).toMatchObject({
      status: 500,
      body: { code: 'internal', facts: { damaged: 'database' } },
    })
  expect(
    (await sessions.get('technologist')!.channel.call('worklist', { body: { filter: {} } })).status,
  ).toBe(200)
  const { body } = await sessions.get('security-officer')!.channel.call('alarms')
  expect(body).toContainEqual(expect.objectContaining({ kind: 'data-damaged', subject: 'database' }))
  const run = await gateway.integrity().scrub.run()
  expect(run).toMatchObject({ outcome: 'damaged', restored: 0 })
  const status = await sessions.get('security-officer')!.channel.call('protectionStatus')
  expect(JSON.stringify(status.body.damage)).toContain('user_settings.pages')
  expect(status.body.damage[0]).toMatchObject({ state: 'isolated' })
})
