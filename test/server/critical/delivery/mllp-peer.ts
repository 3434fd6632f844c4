import { createServer, type Socket } from 'node:net'
import { createBlockReader, frameBlock } from '../../../../src/server/hl7/mllp.ts'

/** One message as it came: its kind, the alert that it is about, its control id. */
export interface MllpSeen {
  controlId: string
  alertId: string
  kind: string
  patientId: string
  content: string
}
/** `AA`, `AE:101`, …; null says nothing, `hang up` ends the connection. */
export type MllpAnswerer = (seen: MllpSeen, count: number) => string | null | Promise<string | null>

/** A receiver that answers each message as a test says. */
export async function startMllpPeer(respond: MllpAnswerer = () => 'AA', port = 0) {
  const seen: MllpSeen[] = []
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => {})
    socket.on('close', () => sockets.delete(socket))
    const read = createBlockReader()
    socket.on('data', async (chunk) => {
      for (const block of read(chunk)) {
        const one = readMessage(block.toString('utf8'))
        seen.push(one)
        const answer = await respond(one, seen.length)
        if (answer === 'hang up') socket.destroy()
        else if (answer !== null) socket.write(frameBlock(Buffer.from(acknowledge(one.controlId, answer))))
      }
    })
  }).listen(port, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  return {
    port: (server.address() as { port: number }).port,
    seen,
    connections: () => sockets.size,
    async stop() {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
export type MllpPeer = Awaited<ReturnType<typeof startMllpPeer>>

function acknowledge(controlId: string, answer: string): string {
  const [code, error] = answer.split(':')
  const err = error ? `ERR|||${error}\r` : ''
  return `MSH|^~\\&|H|H|V|R|1||ACK|1|P|2.5.1\rMSA|${code}|${controlId}\r${err}`
}

function readMessage(text: string): MllpSeen {
  const lines = text.split('\r').map((line) => line.split('|'))
  const observation = (code: string) =>
    lines.find(([name, , , id]) => name === 'OBX' && id?.startsWith(`${code}^`))?.[5] ?? ''
  return {
    controlId: lines[0]?.[9] ?? '',
    alertId: observation('CV-ALERT-ID'),
    kind: observation('CV-MESSAGE').split('^')[0] ?? '',
    patientId: lines.find(([name]) => name === 'PID')?.[3]?.split('^')[0] ?? '',
    content: observation('CV-CONTENT'),
  }
}
