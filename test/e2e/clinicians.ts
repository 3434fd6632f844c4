import { createHmac, randomUUID } from 'node:crypto'

/** The ward's information system: pushes what its clinicians answer by signed HTTP (docs/operations/replies.md). */
export function hospitalReplies({ port, key }: { port: number; key: string }) {
  const nurse = { id: 'N102', name: '周护士', role: 'nurse' }
  const doctor = { id: 'D017', name: '吴医生', role: 'doctor' }

  async function push(reply: object): Promise<number> {
    const body = JSON.stringify({ id: randomUUID(), at: Date.now(), ...reply })
    const seconds = Math.floor(Date.now() / 1000)
    const mac = createHmac('sha256', key).update(`${seconds}.${body}`).digest('hex')
    const { status } = await fetch(`http://127.0.0.1:${port}/replies`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-vigil-signature': `t=${seconds},v1=${mac}` },
      body,
    })
    return status
  }

  return {
    /** The nurse has it, and has read it back. @returns the HTTP status. */
    received: (alertId: string) => push({ alertId, step: 'received', by: nurse, readBack: true }),
    /** The doctor has done something about it. @returns the HTTP status. */
    handled: (alertId: string, measure: string) =>
      push({ alertId, step: 'handled', by: doctor, measure, opinion: '' }),
  }
}
