import { connect } from 'node:tls'
import type { ClientIdentity } from '../server/channel.ts'

export interface RawTarget {
  port: number
  ca: string
  identity: ClientIdentity
}

/** The answers on one connection to bytes that no client library would send; empty where it was just ended. */
export interface RawAnswers {
  statuses: number[]
  text: string
  /** The gateway ended the connection, rather than the deadline here. */
  ended: boolean
}

export function sendRaw(
  { port, ca, identity }: RawTarget,
  bytes: string | Buffer,
  deadlineMs = 10_000,
): Promise<RawAnswers> {
  return new Promise((resolve) => {
    const { certificate: cert, privateKey: key } = identity
    const socket = connect({ host: '127.0.0.1', port, ca, cert, key })
    const chunks: Buffer[] = []
    let ended = true
    const late = setTimeout(() => {
      ended = false
      socket.destroy()
    }, deadlineMs)
    socket.on('data', (chunk) => chunks.push(chunk))
    socket.on('error', () => {})
    socket.on('end', () => socket.destroy())
    socket.on('close', () => {
      clearTimeout(late)
      const text = Buffer.concat(chunks).toString('latin1')
      const statuses = [...text.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => Number(status))
      resolve({ statuses, text, ended })
    })
    socket.once('secureConnect', () => socket.write(bytes))
  })
}
