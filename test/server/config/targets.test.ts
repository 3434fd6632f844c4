import { readFileSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { readConfig } from '../../../src/server/config/index.ts'
import { factNames } from '../../../src/server/critical/delivery/facts.ts'
import { defaultColumns } from '../../../src/server/critical/delivery/table/columns.ts'

const project = (path: string) =>
  readFileSync(fileURLToPath(new URL(`../../../${path}`, import.meta.url)), 'utf8')

describe('delivery targets in the configuration', () => {
  let dir: string
  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'vigil-targets-'))
  })
  afterAll(() => rm(dir, { recursive: true, force: true }))

  async function read(targets: object[]) {
    const file = join(dir, 'vigil.yaml')
    await writeFile(file, JSON.stringify({ criticalTargets: targets }))
    return (await readConfig(file, dir)).criticalTargets
  }

  const manual = project('docs/operations/delivery.md')
  const examples = [...manual.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, text = '']) => text)

  it('are as the manual shows them, every kind', async () => {
    const targets = examples
      .filter((text) => /^ {2}- name:/m.test(text))
      .flatMap((text) => {
        const read: unknown = parse(text)
        const list = Array.isArray(read) ? read : (read as { criticalTargets: object[] }).criticalTargets
        return list.map((one) => ({ host: 'h', port: 1, ...one }) as Record<string, unknown>)
      })
      .map(({ host, port, ...one }) =>
        one.kind === 'hl7-mllp' || one.kind === 'table' ? { host, port, ...one } : one,
      )
    expect(targets.map(({ kind }) => kind)).toEqual([
      'hl7-mllp',
      'hl7-mllp',
      'soap',
      'fhir',
      'table',
      'webhook',
    ])
    for (const one of targets) expect((await read([one]))[0]).toMatchObject({ name: one.name })
    const codes = examples
      .map((text): unknown => parse(text))
      .find((one) => one && Object.hasOwn(one, 'codes'))
    await expect(read([{ ...targets[0], ...(codes as object) }])).resolves.toHaveLength(1)
  })

  it('are told with every fact, and the table’s columns with those of its DDL', () => {
    for (const fact of factNames) {
      const [group, name] = fact.split('.')
      expect(manual).toMatch(new RegExp(`\\| \`${group}\\.\` \\|.*\`${name}\``))
    }
    const ddl = project('assets/interfaces/table/critical_value.sql')
    for (const column of Object.values(defaultColumns)) expect(ddl).toContain(`\n  ${column} `)
  })

  it('have their files below the data directory', async () => {
    const tls = { caFile: 'ca.pem', certificateFile: 'own.pem', keyFile: '/etc/own.key' }
    const [hook, soap, fhir, table, hl7] = await read([
      { name: 'a', kind: 'webhook', url: 'https://h', secretFile: 'secret', tls },
      {
        name: 'b',
        kind: 'soap',
        url: 'https://h',
        auth: { kind: 'basic', username: 'u', passwordFile: 'p' },
        poll: {},
      },
      { name: 'c', kind: 'fhir', url: 'https://h', tokenFile: 't' },
      { name: 'd', kind: 'table', host: 'h', database: 'd', user: 'u', passwordFile: 'p' },
      { name: 'e', kind: 'hl7-mllp', host: 'h', port: 1, tls },
    ])
    const at = (name: string) => join(dir, name)
    const files = { caFile: at('ca.pem'), certificateFile: at('own.pem'), keyFile: '/etc/own.key' }
    expect(hook).toMatchObject({ secretFile: at('secret'), tls: files })
    expect(soap).toMatchObject({
      auth: { passwordFile: at('p') },
      calls: { notice: { template: at('soap/notice.xml') }, cancel: { template: at('soap/cancel.xml') } },
      poll: { call: { template: at('soap/replies.xml') } },
    })
    expect(fhir).toMatchObject({ tokenFile: at('t') })
    expect(table).toMatchObject({ passwordFile: at('p') })
    expect(hl7).toMatchObject({ tls: files })
  })

  const hook = { name: 'a', kind: 'webhook', url: 'https://h', secretFile: 's' }
  it.each([
    ['an unknown kind', { name: 'a', kind: 'fax' }, 'criticalTargets.0.kind'],
    ['another kind’s key', { ...hook, charset: 'utf-8' }, 'criticalTargets.0.charset: unknown key'],
    [
      'an unknown code table',
      { ...hook, codes: { colour: {} } },
      'criticalTargets.0.codes.colour: unknown key',
    ],
    [
      'a password in an address',
      { ...hook, url: 'https://u:p@h' },
      'criticalTargets.0.url: credentials do not belong',
    ],
    ['another protocol', { ...hook, url: 'file:///etc/passwd' }, 'criticalTargets.0.url'],
    ['no connection at all', { ...hook, connections: 0 }, 'criticalTargets.0.connections'],
    ['a circuit of no failures', { ...hook, circuit: { failures: 0 } }, 'criticalTargets.0.circuit.failures'],
    [
      'a path that is none',
      { name: 'a', kind: 'soap', url: 'https://h', result: { path: 'a//b' } },
      'criticalTargets.0.result.path: element names joined by /',
    ],
    [
      'a header that is none',
      { name: 'a', kind: 'soap', url: 'https://h', auth: { kind: 'header', name: 'a b', valueFile: 'x' } },
      'criticalTargets.0.auth.name',
    ],
  ])('name %s', async (_, one, error) => {
    await expect(read([one])).rejects.toThrow(error)
  })
})
