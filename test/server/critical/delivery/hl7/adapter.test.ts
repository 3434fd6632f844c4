import { createServer } from 'node:tls'
import { afterEach, describe, expect, it } from 'vitest'
import { createBlockReader, frameBlock } from '../../../../../src/server/hl7/mllp.ts'
import {
  fieldOf,
  observationOf,
  type ReceivedMessage,
  receiverSkipReason,
  startHl7Receiver,
  textOf,
} from '../../../../hl7-receiver/index.ts'
import { aMessage, hostileText, never } from '../messages.ts'
import { anAdapter, filesWith } from '../open-target.ts'
import { selfSigned } from '../self-signed.ts'

const cleanups: (() => unknown)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})
function hl7(more: object) {
  const adapter = anAdapter({ kind: 'hl7-mllp', host: '127.0.0.1', ackTimeoutSeconds: 2, ...more })
  cleanups.push(adapter.close)
  return adapter
}

describe.skipIf(receiverSkipReason)('hl7', () => {
  it('has a form for every kind, that an independent library reads', async () => {
    const receiver = await startHl7Receiver()
    cleanups.push(receiver.stop)
    const adapter = hl7({
      port: receiver.port,
      codes: {
        sex: { O: '9' },
        department: { '*': '0301' },
        level: { yellow: '3' },
        messageKind: { cancel: 'C' },
      },
    })
    for (const kind of ['notice', 'cancel', 'escalation', 'reroute'] as const)
      expect((await adapter.send(aMessage(kind), never)).verdict).toEqual({ outcome: 'delivered' })
    const test = await adapter.send({ ...aMessage('notice', hostileText), test: true }, never)
    expect(test.exchange.request).toMatch(/^MSH\|/)
    expect(test.exchange.response).toMatch(/\rMSA\|AA\|/)
    await receiver.until((messages) => messages.length === 5)
    const [notice, cancel, escalation, reroute, tested] = receiver.messages as ReceivedMessage[] &
      Record<0 | 1 | 2 | 3 | 4, ReceivedMessage>
    const said = (message: ReceivedMessage, code: string) => textOf(observationOf(message, code))
    const statuses = (message: ReceivedMessage) => [
      textOf(fieldOf(message, 'ORC', 1)),
      textOf(fieldOf(message, 'OBR', 25)),
      ...new Set((message.segments.OBX ?? []).map((row) => textOf(row[11] ?? ''))),
      ...new Set((message.segments.OBX ?? []).map((row) => textOf(row[8] ?? ''))),
    ]
    expect(statuses(notice)).toEqual(['RE', 'F', 'F', 'AA'])
    expect(statuses(cancel)).toEqual(['RE', 'C', 'W', ''])
    expect(statuses(escalation)).toEqual(['RE', 'C', 'C', 'AA'])
    expect(statuses(reroute)).toEqual(['RE', 'C', 'C', 'AA'])
    expect(said(notice, 'CV-RECIPIENT')).toBe('ward【测试】病区VIGIL')
    expect(said(notice, 'CV-RECIPIENT-DEPT')).toBe('0301')
    expect(said(notice, 'CV-AGE')).toBe('056Y')
    expect(said(notice, 'CV-CHECKER')).toBe('王医师')
    expect(textOf(fieldOf(notice, 'OBR', 33))).toBe('王医师')
    expect(textOf(fieldOf(notice, 'ORC', 17))).toBe('0301【测试】科室VIGIL')
    expect(textOf(fieldOf(notice, 'PID', 8))).toBe('9')
    expect(said(notice, 'CV-LEVEL')).toBe('3VIGIL')
    expect([said(cancel, 'CV-MESSAGE'), said(cancel, 'CV-CANCEL-REASON')]).toEqual(['CVIGIL', '误报'])
    expect([said(escalation, 'CV-HOP'), said(escalation, 'CV-MINUTES')]).toEqual(['2', '5'])
    expect([textOf(fieldOf(notice, 'MSH', 11)), textOf(fieldOf(tested, 'MSH', 11))]).toEqual(['P', 'T'])
    expect(said(tested, 'CV-CONTENT')).toContain('𠮷😀')
  })

  it('opens as many connections as messages are in flight', async () => {
    const receiver = await startHl7Receiver({ delay: 0.3, seed: 2 })
    cleanups.push(receiver.stop)
    const adapter = hl7({ port: receiver.port })
    const attempts = await Promise.all(Array.from({ length: 4 }, () => adapter.send(aMessage(), never)))
    expect(attempts.map(({ verdict }) => verdict.outcome)).toEqual(Array(4).fill('delivered'))
  })
})

describe('hl7 over TLS', () => {
  it('reaches a receiver whose certificate it trusts, and nobody else', async () => {
    const { key, cert } = await selfSigned('127.0.0.1')
    const server = createServer({ key, cert }, (socket) => {
      const read = createBlockReader()
      socket.on('error', () => {})
      socket.on('data', (chunk) => {
        for (const block of read(chunk)) {
          const id = block.toString().split('|')[9]
          socket.write(frameBlock(Buffer.from(`MSH|^~\\&|H|H|V|R|1||ACK|1|P|2.5.1\rMSA|AA|${id}\r`)))
        }
      })
    }).listen(0, '127.0.0.1')
    server.on('tlsClientError', () => {})
    await new Promise((resolve) => server.once('listening', resolve))
    const { port } = server.address() as { port: number }
    const files = await filesWith({ 'ca.pem': cert, 'other.pem': (await selfSigned('other')).cert })
    cleanups.push(files.remove, () => server.close())
    const trusting = hl7({ port, tls: { caFile: files.at('ca.pem') } })
    expect((await trusting.send(aMessage(), never)).verdict).toEqual({ outcome: 'delivered' })
    for (const tls of [
      {},
      { caFile: files.at('other.pem') },
      { caFile: files.at('ca.pem'), serverName: 'his' },
    ])
      expect(await hl7({ port, tls }).send(aMessage(), never)).toMatchObject({
        verdict: { outcome: 'retry', error: 'untrusted' },
        silent: true,
      })
    expect(() => hl7({ port, tls: { caFile: files.at('none.pem') } })).toThrow(/none\.pem: missing/)
  })
})
