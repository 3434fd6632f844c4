import type { Hl7Target } from '../../../config/index.ts'
import type { DeliveryAdapter } from '../adapter.ts'
import { judge } from './acknowledgement.ts'
import { createHl7Connection, TransportError } from './connection.ts'
import { oruMessage } from './oru-message.ts'

/** HL7 v2 ORU^R01 over MLLP. */
export function createHl7Adapter(target: Hl7Target): DeliveryAdapter {
  const connection = createHl7Connection(target)
  return {
    async send({ alert, controlId, sentAt, attempt }) {
      const request = oruMessage(alert, target, controlId, sentAt)
      try {
        const answer = await connection.exchange(request, controlId)
        return {
          verdict: judge(answer, attempt),
          silent: false,
          exchange: { request, response: answer.text },
          receiverText: answer.text,
        }
      } catch (error) {
        if (!(error instanceof TransportError)) throw error
        return {
          verdict: { outcome: 'retry', error: error.code },
          silent: true,
          exchange: { request, response: null },
        }
      }
    },
    close: connection.close,
  }
}
