import { createHmac, randomUUID } from 'node:crypto'
import type { ReceivedMessage } from './receiver.ts'

/** When the ward answers, in seconds from the notice. */
export interface Pace {
  received: number
  handled: number
}

/** The one type that nobody in this hospital answers, so that escalation is seen. */
export const unanswered = 'GI_PERFORATION'

/** The type of a test alert, as docs/operations/delivery.md has it. */
const testType = 'TEST'

const nurse = { id: 'N102', name: '周护士', role: 'nurse' }
const doctor = { id: 'D017', name: '吴医生', role: 'doctor' }

/**
 * The clinicians of the demo's hospital: a nurse acknowledges with read-back, then a doctor says what was done; by signed
 * HTTP, as a hospital information system pushes it.
 */
export function createClinicians(options: {
  url: string
  /** The HMAC's key. */
  secret: string
  pace: Pace
  say: (line: string) => void
}) {
  const { url, secret, pace, say } = options
  const timers = new Map<string, NodeJS.Timeout[]>()

  async function answer(alertId: string, reply: object): Promise<number> {
    const body = JSON.stringify({ id: randomUUID(), alertId, at: Date.now(), ...reply })
    const seconds = Math.floor(Date.now() / 1000)
    const mac = createHmac('sha256', secret).update(`${seconds}.${body}`).digest('hex')
    const { status } = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-vigil-signature': `t=${seconds},v1=${mac}` },
      body,
    })
    return status
  }

  /** Says it after it was taken in; tells plainly where it was not. */
  async function told(alertId: string, reply: object, line: string): Promise<void> {
    const status = await answer(alertId, reply).catch(() => 0)
    say(
      status === 200
        ? line
        : `应答未送达 Answer not taken in: ${alertId} (${status || 'gateway unreachable'})`,
    )
  }

  const later = (seconds: number, work: () => Promise<void>) => {
    const timer = setTimeout(() => void work(), seconds * 1000)
    timer.unref()
    return timer
  }

  function leave(alertId: string): void {
    for (const timer of timers.get(alertId) ?? []) clearTimeout(timer)
    timers.delete(alertId)
  }

  return {
    /** What the ward does about a message that the hospital accepted. */
    hear({ message, alertId, typeCode, repeat }: ReceivedMessage): void {
      if (message === 'cancel') leave(alertId)
      if (message !== 'notice' || repeat || timers.has(alertId)) return
      // The administrator tries the interface: no patient, and nothing to answer.
      if (typeCode === testType) return
      if (typeCode === unanswered) {
        say(`无人应答 Nobody will answer ${alertId}: 超时后逐级升级 it escalates once its deadline is over`)
        return
      }
      timers.set(alertId, [
        later(pace.received, () =>
          told(
            alertId,
            { step: 'received', by: nurse, readBack: true },
            `已接收 Received  ${alertId}  ${nurse.name}（已复读 read back）`,
          ),
        ),
        later(pace.handled, () =>
          told(
            alertId,
            { step: 'handled', by: doctor, measure: '已通知主管医师，床旁处置', opinion: '患者生命体征平稳' },
            `已处置 Handled   ${alertId}  ${doctor.name}`,
          ),
        ),
      ])
    },
    close(): void {
      for (const alertId of [...timers.keys()]) leave(alertId)
    },
  }
}
