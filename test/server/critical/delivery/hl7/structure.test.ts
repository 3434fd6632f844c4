import { connect } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { frameBlock } from '../../../../../src/server/hl7/index.ts'
import { receiverSkipReason, startHl7Receiver } from '../../../../hl7-receiver/index.ts'
import { aMessage, hostileText, never } from '../messages.ts'
import { anAdapter } from '../open-target.ts'

const cleanups: (() => unknown)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

async function receiving(encoding: 'utf-8' | 'gb18030' = 'utf-8') {
  const receiver = await startHl7Receiver({ encoding })
  const adapter = anAdapter({ kind: 'hl7-mllp', host: '127.0.0.1', port: receiver.port, charset: encoding })
  cleanups.push(receiver.stop, adapter.close)
  return { receiver, adapter }
}

describe.skipIf(receiverSkipReason)('the structure of outgoing messages', () => {
  it.each(['utf-8', 'gb18030'] as const)(
    'is ORU^R01 as HL7 2.5.1 has it, of every kind, in %s, whatever the texts',
    async (encoding) => {
      const { receiver, adapter } = await receiving(encoding)
      const bare = aMessage()
      const empty = {
        ...bare,
        ward: '',
        bed: '',
        alert: {
          ...bare.alert,
          side: null,
          keyword: '',
          excerpt: '',
          patient: {
            ...bare.alert.patient,
            namePinyin: '',
            sex: '',
            birthDate: '',
            age: '',
            patientClass: '',
            visitNumber: '',
            ward: '',
            bed: '',
            phone: '',
          },
          exam: { ...bare.alert.exam, modality: '', bodyPart: '', examAt: null },
        },
      }
      const messages = [
        ...(['notice', 'cancel', 'escalation', 'reroute'] as const).flatMap((kind) => [
          aMessage(kind),
          aMessage(kind, hostileText),
        ]),
        empty,
      ]
      for (const message of messages)
        expect((await adapter.send(message, never)).verdict).toEqual({ outcome: 'delivered' })
      await receiver.until((received) => received.length === messages.length)
      expect(receiver.messages.map(({ problems }) => problems)).toEqual(messages.map(() => []))
      expect(receiver.incidents).toEqual([])
    },
  )

  it('is looked at by somebody who would notice', async () => {
    const { receiver, adapter } = await receiving()
    const { exchange } = await adapter.send(aMessage(), never)
    const good = exchange.request.replaceAll('\n', '\r')
    const lines = good.split('\r').filter((line) => line !== '')
    const broken = {
      'OBX after PID': [
        lines[0],
        lines[1],
        ...lines.slice(2).filter((l) => l.startsWith('OBX')),
        ...lines.slice(2),
      ],
      'no OBX': lines.filter((line) => !line?.startsWith('OBX')),
      'PID-5 is required': lines.map((line) => line?.replace(/^(PID(?:\|[^|]*){4})\|[^|]*/, '$1|')),
      'PID-3': lines.map((line) => line?.replace(/^(PID(?:\|[^|]*){2})\|[^|]*/, '$1|')),
      'OBX-11 is required': lines.map((line) => line?.replace(/^(OBX(?:\|[^|]*){10})\|[^|]*/, '$1|')),
      'OBX-8': lines.map((line) => line?.replace(/^(OBX(?:\|[^|]*){7})\|AA/, '$1|ZZ')),
      'MSH-12': lines.map((line) => line?.replace('|2.5.1|', '|2.3|')),
      'MSH-9': lines.map((line) => line?.replace('ORU^R01^ORU_R01', 'ORU^R01')),
      'MSH-10 is longer': lines.map((line) =>
        line?.replace(/^(MSH(?:\|[^|]*){8}\|)/, '$1LONGER-THAN-TWENTY-'),
      ),
      'OBX-1 is 2, not 1': lines.map((line) => line?.replace(/^OBX\|1\|/, 'OBX|2|')),
      'ORC-1': lines.map((line) => line?.replace(/^ORC\|RE/, 'ORC|QQ')),
    }
    for (const [problem, segments] of Object.entries(broken)) {
      const before = receiver.messages.length
      const socket = connect({ host: '127.0.0.1', port: receiver.port })
      socket.write(frameBlock(Buffer.from(segments.map((line) => `${line}\r`).join(''))))
      await receiver.until((received) => received.length > before)
      socket.destroy()
      expect([problem, receiver.messages.at(-1)?.problems.join('; ')]).toEqual([
        problem,
        expect.stringContaining(problem),
      ])
    }
  })
})
