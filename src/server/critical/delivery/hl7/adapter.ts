import type { Hl7Target } from '../../../config/index.ts'
import type { DeliveryAdapter } from '../adapter.ts'
import { codeMapping } from '../codes.ts'
import { tlsOptions } from '../files.ts'
import { cap } from '../http/raw-exchange.ts'
import { judge } from './acknowledgement.ts'
import { standardCodes } from './code-tables.ts'
import { createHl7Connection, type Hl7Connection, TransportError } from './connection.ts'
import { oruMessage } from './oru-message.ts'

/** HL7 v2 ORU^R01 over MLLP, over as many connections as messages are in flight. @throws Error naming the file of a missing certificate. */
export function createHl7Adapter(target: Hl7Target): DeliveryAdapter {
  const tls = target.tls ? tlsOptions(target.tls) : null
  const code = codeMapping(target.codes, standardCodes)
  const connections = new Set<Hl7Connection>()
  const idle: Hl7Connection[] = []

  function take(): Hl7Connection {
    // The one used last: what is not needed any more grows idle, and the receiver may close it.
    const free = idle.pop()
    if (free) return free
    const opened = createHl7Connection(target, tls)
    connections.add(opened)
    return opened
  }

  return {
    async send(message, signal) {
      const request = oruMessage(message, target, code)
      const connection = take()
      signal.addEventListener('abort', connection.close, { once: true })
      try {
        const { answer, raw } = await connection.exchange(request, message.controlId, signal)
        return {
          verdict: judge(answer, message.attempt),
          silent: false,
          exchange: { request: cap(request), response: cap(raw) },
          receiverText: answer.text,
        }
      } catch (error) {
        if (!(error instanceof TransportError)) throw error
        return {
          verdict: { outcome: 'retry', error: error.code },
          silent: true,
          exchange: { request: cap(request), response: null },
        }
      } finally {
        signal.removeEventListener('abort', connection.close)
        idle.push(connection)
      }
    },
    close() {
      for (const connection of connections) connection.close()
    },
  }
}
