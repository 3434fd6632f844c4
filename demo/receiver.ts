import { createServer, type Socket } from 'node:net'
import { decodeText, encodeText } from '../src/server/hl7/charset.ts'
import { escapeText } from '../src/server/hl7/er7.ts'
import { createBlockReader, frameBlock } from '../src/server/hl7/mllp.ts'

/** What the hospital's critical-value system of the demo shows of a message that it accepted. */
export interface ReceivedMessage {
  controlId: string
  message: 'notice' | 'cancel' | 'escalation' | 'reroute'
  alertId: string
  patient: string
  ward: string
  type: string
  /** The dictionary's code of the type. */
  typeCode: string
  level: string
  content: string
  /** Whom it is for. */
  recipient: string
  /** Why it was withdrawn. */
  reason: string
  /** True where a message with this control id was accepted before. */
  repeat: boolean
}

/**
 * A small critical-value system: accepts ORU^R01 over MLLP on loopback, acknowledges, tells each message to `onMessage`.
 * It exists so that the demo has somebody at the other end; tests use an independent receiver.
 */
export async function startReceiver(options: {
  port: number
  onMessage: (message: ReceivedMessage) => void
}): Promise<{ port: number; close: () => Promise<void> }> {
  const seen = new Set<string>()
  const sockets = new Set<Socket>()

  function accept(message: string): string {
    const segments = message.split('\r').map((line) => line.split('|'))
    const field = (name: string, index: number) => segments.find(([id]) => id === name)?.[index] ?? ''
    const observation = (code: string) =>
      segments.find((segment) => segment[0] === 'OBX' && segment[3]?.split('^')[0] === code)?.[5] ?? ''
    const controlId = field('MSH', 9)
    if (field('MSH', 8) !== 'ORU^R01^ORU_R01') return answer(controlId, 'AR')
    const names = field('PID', 5).split('~')
    const kind = observation('CV-MESSAGE').split('^')[0]
    options.onMessage({
      controlId,
      message: kinds.find((known) => known === kind) ?? 'notice',
      alertId: plain(observation('CV-ALERT-ID')),
      patient: plain(
        (names.find((name) => /[^\x20-\x7e]/.test(name)) ?? names[0] ?? '').split('^').filter(Boolean)[0] ??
          '',
      ),
      ward: plain(field('PV1', 3).split('^').filter(Boolean).join(' ')),
      type: plain(observation('CV-TYPE').split('^')[1] ?? ''),
      typeCode: observation('CV-TYPE').split('^')[0] ?? '',
      level: plain(observation('CV-LEVEL').split('^')[0] ?? ''),
      content: plain(observation('CV-CONTENT')),
      recipient: plain(observation('CV-RECIPIENT').split('^')[1] ?? ''),
      reason: plain(observation('CV-CANCEL-REASON')),
      repeat: seen.has(controlId),
    })
    seen.add(controlId)
    return answer(controlId, 'AA')
  }

  const server = createServer((socket) => {
    sockets.add(socket)
    const read = createBlockReader()
    socket.on('error', () => socket.destroy())
    socket.on('close', () => sockets.delete(socket))
    socket.on('data', (chunk) => {
      try {
        for (const block of read(chunk)) {
          socket.write(frameBlock(encodeText(accept(decodeText(block, 'utf-8')), 'utf-8')))
        }
      } catch {
        socket.destroy()
      }
    })
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(options.port, '127.0.0.1', resolve)
  })
  return {
    port: (server.address() as { port: number }).port,
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy()
        server.close(() => resolve())
      }),
  }
}

const kinds = ['notice', 'cancel', 'escalation', 'reroute'] as const

/** A message for the terminal. */
export function describeMessage(message: ReceivedMessage): string {
  const { alertId, level, type, patient, ward, content, recipient, reason } = message
  const what = {
    notice: '危急值',
    cancel: '撤回 Withdrawn',
    escalation: `升级通知 Escalated to ${recipient}`,
    reroute: `转科 Now for ${recipient}`,
  }[message.message]
  const repeat = message.repeat ? '(repeat) ' : ''
  return `${what} ${repeat}${alertId}  [${level}] ${type}  ${patient} ${ward}  ${reason || content}`
}

function answer(controlId: string, code: 'AA' | 'AR'): string {
  const stamp = new Date().toISOString().replace(/\D/g, '').slice(0, 14)
  return `MSH|^~\\&|CRITICAL|HIS|VIGIL|RADIOLOGY|${stamp}||ACK^R01^ACK|R${stamp}|P|2.5.1\rMSA|${code}|${escapeText(controlId)}\r`
}

/** Undoes HL7 escapes (2.7) for people to read. */
function plain(text: string): string {
  const marks: Record<string, string> = { F: '|', S: '^', T: '&', R: '~', E: '\\', '.br': ' ' }
  return text.replace(/\\(F|S|T|R|E|\.br)\\/g, (_, code: string) => marks[code] ?? '')
}
