import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { GatewayConfig } from '../../../../../src/server/config/index.ts'
import { type Postgres, postgresSkipReason, startPostgres } from '../../../../postgres/index.ts'
import { aMessage, hostileText, never } from '../messages.ts'
import { anAdapter, filesWith } from '../open-target.ts'

if (postgresSkipReason) console.log(`intermediate table not tested: ${postgresSkipReason}`)

const ddl = readFileSync(
  fileURLToPath(new URL('../../../../../assets/interfaces/table/critical_value.sql', import.meta.url)),
  'utf8',
)
const cleanups: (() => unknown)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

describe.skipIf(postgresSkipReason)('intermediate table', () => {
  let postgres: Postgres
  let files: Awaited<ReturnType<typeof filesWith>>
  beforeAll(async () => {
    postgres = await startPostgres()
    files = await filesWith({ password: 'geheim-密码' })
    await postgres.query(`create role vigil login password 'geheim-密码'`)
  }, 60_000)
  afterAll(async () => {
    await postgres?.stop()
    await files?.remove()
  })
  beforeEach(async () => {
    await postgres.query('drop schema public cascade')
    await postgres.query('create schema public')
    await postgres.query(ddl)
    await postgres.query('grant usage on schema public to vigil')
    await postgres.query('grant select, insert on critical_value to vigil')
    await postgres.query('grant select on critical_value_reply to vigil')
  })

  function table(more: object = {}) {
    const adapter = anAdapter({
      kind: 'table',
      host: '127.0.0.1',
      port: postgres.port,
      database: 'postgres',
      user: 'vigil',
      passwordFile: files.at('password'),
      timeoutSeconds: 2,
      ...more,
    })
    cleanups.push(adapter.close)
    return adapter
  }
  const rows = () => postgres.query('select * from critical_value order by written_at')

  it.each(['notice', 'cancel', 'escalation', 'reroute'] as const)(
    'holds a %s in the columns that the product’s DDL makes, once however often it is sent',
    async (kind) => {
      const adapter = table({ codes: { level: { yellow: '3' } } })
      // U+0000 has no place in PostgreSQL.
      const text = hostileText.replace('\u0000', '')
      const plain = aMessage(kind)
      const message = { ...plain, alert: { ...plain.alert, content: hostileText, keyword: `';${text}` } }
      for (let attempt = 1; attempt <= 3; attempt++)
        expect((await adapter.send({ ...message, attempt }, never)).verdict).toEqual({ outcome: 'delivered' })
      const kept = await rows()
      expect(kept).toMatchObject([
        {
          message_id: message.controlId,
          message_kind: kind,
          alert_id: message.alert.id,
          alert_level: '3',
          content: text,
          keyword: `';${text}`,
          status: null,
          escalation_hop: kind === 'escalation' ? 2 : null,
          cancel_reason: kind === 'cancel' ? '误报' : null,
        },
      ])
      expect(message.alert.id.length).toBe(16)
    },
  )

  it('waits for the acknowledgement where one is configured, and takes a refusal for one', async () => {
    const adapter = table({ acknowledgement: {} })
    const answer = async (status: string) => {
      while ((await rows()).every((row) => row.status !== null)) await sleep(20)
      await postgres.query('update critical_value set status = $1 where status is null', [status])
    }
    const [taken] = await Promise.all([adapter.send(aMessage(), never), answer('1')])
    expect(taken.verdict).toEqual({ outcome: 'delivered' })
    const [refused] = await Promise.all([adapter.send(aMessage(), never), answer('9')])
    expect(refused.verdict).toEqual({ outcome: 'refused', error: 'status:refused' })

    const waiting = table({ acknowledgement: {}, timeoutSeconds: 0.5 })
    const message = aMessage()
    const late = await waiting.send(message, never)
    expect(late).toMatchObject({ verdict: { outcome: 'retry', error: 'ack-timeout' }, silent: false })
    await postgres.query(`update critical_value set status = '1'`)
    expect((await waiting.send({ ...message, attempt: 2 }, never)).verdict).toEqual({ outcome: 'delivered' })
    expect(await rows()).toHaveLength(3)
  })

  it('takes names and columns as configured, quoted', async () => {
    await postgres.query('create schema "危急值库"')
    await postgres.query(
      'create table "危急值库"."select" ("编号" varchar(16), "Kind" text, "msg" varchar(16), "内容" text, primary key ("编号", "Kind", "msg"))',
    )
    await postgres.query('grant usage on schema "危急值库" to vigil')
    await postgres.query('grant select, insert on "危急值库"."select" to vigil')
    const adapter = table({
      schema: '危急值库',
      table: 'select',
      columns: { 'alert.id': '编号', 'message.kind': 'Kind', 'message.id': 'msg', 'alert.content': '内容' },
    })
    const message = aMessage()
    expect((await adapter.send(message, never)).verdict).toEqual({ outcome: 'delivered' })
    expect(await postgres.query('select * from "危急值库"."select"')).toEqual([
      { 编号: message.alert.id, Kind: 'notice', msg: message.controlId, 内容: message.alert.content },
    ])
  })

  it('gives up what the table cannot hold, and waits for what can be mended', async () => {
    const long = aMessage()
    const refused = await table().send(
      { ...long, alert: { ...long.alert, patient: { ...long.alert.patient, bed: '' } }, bed: 'x'.repeat(40) },
      never,
    )
    expect(refused).toMatchObject({ verdict: { outcome: 'refused', error: 'sql:22001' }, silent: false })
    expect(refused.exchange.response).toContain('ERROR 22001')
    const attempts = [
      [{ table: 'nowhere' }, 'sql:42P01', false],
      [{ database: 'nowhere' }, 'sql:3D000', false],
      [{ user: 'nobody' }, 'sql:28P01', false],
      [{ port: 1 }, 'unreachable', true],
    ] as const
    for (const [more, error, silent] of attempts)
      expect(await table(more).send(aMessage(), never)).toMatchObject({
        verdict: { outcome: 'retry', error },
        silent,
      })
  })

  it('does not wait for ever where the table is locked, and goes on afterwards', async () => {
    const adapter = table({ timeoutSeconds: 0.5 })
    const held = postgres.query(
      'do $$ begin lock table critical_value in access exclusive mode; perform pg_sleep(1.5); end $$',
    )
    await sleep(100)
    const { verdict } = await adapter.send(aMessage(), never)
    expect(verdict.outcome).toBe('retry')
    await held
    expect((await adapter.send(aMessage(), never)).verdict).toEqual({ outcome: 'delivered' })
  })

  it('shows what was said, without the password', async () => {
    const { exchange } = await table().send(aMessage(), never)
    expect(exchange.request).toContain('INSERT INTO "public"."critical_value"')
    expect(exchange.response).toBe('INSERT 0 1')
    expect(JSON.stringify(exchange)).not.toContain('geheim')
  })

  it('polls answers', async () => {
    const adapter = table({ poll: {} })
    await postgres.query(
      `insert into critical_value_reply values ('R1', 'A1', 'received', 'n1', '赵护士', 'nurse', true, '', '', '2026-11-22 08:00:00'),
       ('R2', 'A2', 'handled', 'd1', '钱医生', 'doctor', false, '引流', '', now()), ('R3', 'A1', 'nonsense', 'x', 'x', 'x', false, '', '', now()), ('R4', 'A9', 'received', 'x', 'x', 'other', false, '', '', now())`,
    )
    expect(await adapter.poll?.(['A1', "A2'"], never)).toEqual([
      {
        id: 'R1',
        alertId: 'A1',
        step: 'received',
        by: { id: 'n1', name: '赵护士', role: 'nurse' },
        readBack: true,
        measure: '',
        opinion: '',
        at: new Date(2026, 10, 22, 8).getTime(),
      },
      // Not its to judge.
      expect.objectContaining({ id: 'R3', step: 'nonsense' }),
    ])
  })
})

describe('configuration of a table', () => {
  const base = { name: 'his', kind: 'table', host: 'h', database: 'd', user: 'u' }
  it.each([
    ['a column that breaks out of its quotes', { columns: { 'alert.id': 'x"; drop' } }, 'columns'],
    ['a table with a dot', { table: 'a.b' }, 'table'],
    ['a name of more than 63 bytes', { table: '表'.repeat(30) }, 'table'],
  ])('refuses %s', (_, more, key) => {
    const parsed = GatewayConfig.safeParse({ criticalTargets: [{ ...base, ...more }] })
    expect(parsed.error?.issues[0]?.path.join('.')).toContain(`criticalTargets.0.${key}`)
  })

  it.each([
    [{ columns: { 'alert.nme': 'a' } }, 'criticalTargets.his.columns.alert.nme: no such fact'],
    [{ columns: { 'alert.id': 'a' } }, 'criticalTargets.his.columns.message.kind: missing'],
    [
      { columns: { 'alert.id': 'a', 'message.kind': 'a', 'message.id': 'b' } },
      'criticalTargets.his.columns: a column stands twice',
    ],
  ])('refuses %j at the start', (more, error) => {
    expect(() => anAdapter({ ...base, ...more })).toThrow(error)
  })
})
