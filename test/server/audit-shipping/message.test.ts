import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { ShippedRecord } from '../../../src/server/audit/index.ts'
import { auditMessage } from '../../../src/server/audit-shipping/audit-message.ts'
import { batchOf } from '../../../src/server/audit-shipping/batch.ts'
import { eventCodes } from '../../../src/server/audit-shipping/event-codes.ts'
import { received, resumed, rewound, settled } from '../../../src/server/audit-shipping/receipts.ts'
import { stalledSince } from '../../../src/server/audit-shipping/stall-watch.ts'
import { syslogFrame } from '../../../src/server/audit-shipping/syslog.ts'

const source = { gatewayId: 'gateway-1', hospital: '市第一人民医院 <总院> & "南院"', hostName: 'gw.hospital' }
const staff = new Map([['li', { name: '李伟', roles: ['radiologist'] as const }]])
const schema = join(import.meta.dirname, 'audit-message.rng')
const xmllint = '/usr/bin/xmllint'

const record = (
  row: Partial<ShippedRecord['row']> = {},
  about: ShippedRecord['about'] = [],
): ShippedRecord => ({
  hash: 'ab'.repeat(32),
  about,
  row: {
    seq: 7,
    at: Date.UTC(2026, 10, 23, 3, 4, 5, 678),
    action: 'report.signed',
    outcome: 'success',
    actor: 'account:li',
    workstation: 'w1',
    address: '10.0.0.7',
    session: 's1',
    object: 'report:r1',
    detail: {},
    ...row,
  },
})

const awkward: ShippedRecord[] = [
  record(),
  record({ action: 'sign-in.refused', outcome: 'refused', actor: 'workstation:w1', object: '' }),
  record({
    action: 'gateway.started',
    actor: 'gateway:g',
    object: '',
    address: undefined,
    workstation: undefined,
  }),
  record({ action: 'never.heard-of', object: 'thing:\u0000<x a="b">\ud800&\n', outcome: 'failed' }),
  record({ actor: '', object: '', detail: { unreadable: true } }),
  record({ action: 'orders', actor: 'interface:his "a" <b>', object: `patient:${'A'.repeat(43)}` }),
  record({}, [
    { kind: 'patient', id: 'P001' },
    { kind: 'study', id: '1.2.840.113619.2' },
    { kind: 'order', id: 'ACC1' },
  ]),
]

describe('audit messages', () => {
  it.skipIf(!existsSync(xmllint))('are what PS3.15 A.5.1 allows, whatever is in the record', () => {
    for (const one of awkward) {
      const xml = auditMessage(one, source, staff)
      const checked = spawnSync(xmllint, ['--noout', '--relaxng', schema, '-'], {
        input: xml,
        encoding: 'utf8',
      })
      expect(checked.stderr, xml).toContain('validates')
    }
    const wrong = auditMessage(record(), source, staff).replace('EventOutcomeIndicator="0"', '')
    const refused = spawnSync(xmllint, ['--noout', '--relaxng', schema, '-'], {
      input: wrong,
      encoding: 'utf8',
    })
    expect(refused.status).not.toBe(0)
  })

  it('say who, where, what and on what in the codes of the standard', () => {
    const xml = auditMessage(awkward.at(-1) as ShippedRecord, source, staff)
    expect(xml).toContain(
      'EventActionCode="C" EventDateTime="2026-11-23T03:04:05.678Z" EventOutcomeIndicator="0"',
    )
    expect(xml).toContain('<EventID csd-code="110110" codeSystemName="DCM" originalText="Patient Record"/>')
    expect(xml).toContain('<EventTypeCode csd-code="report.signed" codeSystemName="Vigil"')
    expect(xml).toContain('UserID="li" AlternativeUserID="session:s1" UserName="李伟" UserIsRequestor="true"')
    expect(xml).toContain('NetworkAccessPointID="10.0.0.7" NetworkAccessPointTypeCode="2"')
    expect(xml).toContain('<RoleIDCode csd-code="radiologist"')
    expect(xml).toContain('UserID="gateway-1" UserIsRequestor="false" NetworkAccessPointID="gw.hospital"')
    expect(xml).toContain('AuditSourceID="gateway-1"')
    expect(xml).toContain(
      'ParticipantObjectID="P001" ParticipantObjectTypeCode="1" ParticipantObjectTypeCodeRole="1"><ParticipantObjectIDTypeCode csd-code="2" codeSystemName="RFC-3881"',
    )
    expect(xml).toContain('ParticipantObjectIDTypeCode csd-code="110180" codeSystemName="DCM"')
  })

  it('hold no text of a record, only what is a code by its nature', () => {
    const xml = auditMessage(
      record({
        detail: {
          patientName: 'wang',
          reason: '家属要求',
          code: 'not-found',
          rows: 3,
          text: 'cerebral',
          what: '王建国',
        },
      }),
      source,
      staff,
    )
    const values = [...xml.matchAll(/type="(\w+)" value="([^"]*)"/g)].map(([, type, value]) => [
      type,
      Buffer.from(value ?? '', 'base64').toString('utf8'),
    ])
    expect(values).toEqual([
      ['hash', 'ab'.repeat(32)],
      ['code', 'not-found'],
      ['rows', '3'],
    ])
    expect(xml).not.toMatch(/wang|家属|cerebral|王建国/)
  })

  it('hold no reason that somebody typed, though it look like a code', () => {
    const shipped = (reason: string) =>
      [
        ...auditMessage(record({ detail: { reason, rows: 3 } }), source, staff).matchAll(/value="([^"]*)"/g),
      ].map(([, value]) => Buffer.from(value ?? '', 'base64').toString('utf8'))
    expect(shipped('wang-jianguo')).toEqual(['ab'.repeat(32), '3'])
    expect(shipped('p001')).toEqual(['ab'.repeat(32), '3'])
    expect(shipped('locked-too-long')).toEqual(['ab'.repeat(32), 'locked-too-long', '3'])
  })

  it('tell the classes of events apart, and leave nothing out', () => {
    expect(eventCodes('sign-in.accepted')).toMatchObject({ id: { code: '110114' }, type: { code: '110122' } })
    expect(eventCodes('session.ended').type?.code).toBe('110123')
    expect(eventCodes('study.glass-broken').type?.code).toBe('110127')
    expect(eventCodes('study.opened')).toMatchObject({ id: { code: '110103' }, action: 'R' })
    expect(eventCodes('audit.searched').id.code).toBe('110101')
    expect(eventCodes('access.refused').id.code).toBe('110113')
    expect(eventCodes('account.listed')).toMatchObject({ id: { code: '110112' }, action: 'R' })
    expect(eventCodes('command.given').type?.code).toBe('110141')
    expect(eventCodes('nothing.known').id.code).toBe('110100')
    expect(eventCodes('nothing').id.code).toBe('110100')
  })
})

describe('syslog frames', () => {
  it('count their octets, escape their parameters and begin their text with a byte order mark', () => {
    const frame = syslogFrame({
      severity: 5,
      at: 0,
      hostName: '主机 a\nb',
      processId: 1,
      messageId: 'IHE+RFC-3881',
      data: { seq: 'a"b\\c]d' },
      text: '<患者/>',
    }).toString('utf8')
    const [, length, message] = /^(\d+) ([\s\S]*)$/.exec(frame) ?? []
    expect(Number(length)).toBe(Buffer.byteLength(message ?? ''))
    expect(message).toBe(
      '<85>1 1970-01-01T00:00:00.000Z ab vigil 1 IHE+RFC-3881 [vigil@32473 seq="a\\"b\\\\c\\]d"] \ufeff<患者/>',
    )
  })

  it('end a batch with the record that fills it, and put a checkpoint behind its record', () => {
    const many = Array.from({ length: 3000 }, (_, index) => record({ seq: index + 1 }))
    const checkpoint = { gatewayId: 'g', seq: 2, hash: 'h', at: 0, signer: 's', signature: 'c2ln' }
    const batch = batchOf(many, [checkpoint, { ...checkpoint, seq: 9000 }], 0, {
      source,
      staff,
      processId: 1,
      certificate: 'PEM',
    })
    expect(batch?.checkpoints).toEqual([2])
    expect(batch?.bytes.length).toBeLessThan(1_048_576 + 8192)
    expect(batch?.lastSeq).toBe(batch?.records)
    expect(batch?.lastSeq).toBeLessThan(3000)
    expect(batchOf([], [], 5, { source, staff, processId: 1, certificate: 'PEM' })).toBeNull()
  })
})

describe('receipts', () => {
  it('go back to what is settled when the receiver goes away, with its checkpoints', () => {
    let receipts = received(resumed(10), { lastSeq: 20, at: 0, checkpoints: [15] })
    receipts = received(receipts, { lastSeq: 30, at: 50, checkpoints: [25] })
    expect(settled(receipts, 40, 60)).toEqual({ receipts, checkpoints: [] })
    const later = settled(receipts, 60, 60)
    expect(later).toMatchObject({ checkpoints: [15], receipts: { settledSeq: 20, shippedSeq: 30 } })
    expect(rewound(later.receipts)).toEqual({ settledSeq: 20, shippedSeq: 20, open: [] })
  })

  it('stall only where something waits, from when the receiver last took something', () => {
    const state = {
      receiver: 'r',
      shippedSeq: 1,
      lastShippedAt: 500,
      waiting: 1,
      oldestWaitingAt: 100,
      stalledSince: null,
      lastError: null,
    }
    expect(stalledSince(state, 1000, 600)).toBeNull()
    expect(stalledSince(state, 1100, 600)).toBe(500)
    expect(stalledSince({ ...state, waiting: 0, oldestWaitingAt: null }, 9999, 600)).toBeNull()
  })
})
