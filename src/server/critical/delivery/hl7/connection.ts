import { connect, type Socket } from 'node:net'
import { type ConnectionOptions, connect as connectTls } from 'node:tls'
import type { Hl7Target } from '../../../config/index.ts'
import { createBlockReader, decodeText, encodeText, frameBlock } from '../../../hl7/index.ts'
import { type Acknowledgement, readAcknowledgement } from './acknowledgement.ts'

/** Why no answer came. The message is the code alone. */
export class TransportError extends Error {
  readonly code: 'unreachable' | 'untrusted' | 'disconnected' | 'ack-timeout' | 'ack-unreadable'

  constructor(code: TransportError['code']) {
    super(code)
    this.name = 'TransportError'
    this.code = code
  }
}

/** A connection to one HL7 receiver, opened when needed and kept; one exchange at a time. */
export interface Hl7Connection {
  /**
   * Sends one message and waits for the answer that carries its control id. Answers to other messages (repeats, late
   * ones) are passed over; so is a commit acknowledgement CA, which says nothing of the application.
   * `signal` ends the wait for a connection; the wait for an answer ends with `close`.
   * @throws TransportError; the connection is then closed, because what comes on it later cannot be told apart.
   */
  exchange(
    message: string,
    controlId: string,
    signal?: AbortSignal,
  ): Promise<{ answer: Acknowledgement; raw: string }>
  close(): void
}

/** `tls`: null for a plain connection. */
export function createHl7Connection(target: Hl7Target, tls: ConnectionOptions | null = null): Hl7Connection {
  let socket: Socket | null = null

  async function exchange(message: string, controlId: string, signal?: AbortSignal) {
    const deadline = AbortSignal.timeout(target.ackTimeoutSeconds * 1000)
    const openSocket = async () => {
      const opened = await open(target, tls, signal ? AbortSignal.any([deadline, signal]) : deadline)
      // A receiver may close an idle connection; the next exchange then opens a new one.
      opened.once('close', () => {
        if (socket === opened) socket = null
      })
      return opened
    }
    try {
      socket ??= await openSocket()
      return await answerOn(socket, frameBlock(encodeText(message, target.charset)), deadline, (block) => {
        const raw = decodeText(block, target.charset)
        const answer = readAcknowledgement(raw)
        if (!answer) throw new TransportError('ack-unreadable')
        return answer.controlId === controlId && answer.code !== 'CA' ? { answer, raw } : null
      })
    } catch (error) {
      close()
      throw error
    }
  }

  function close(): void {
    socket?.destroy()
    socket = null
  }

  return { exchange, close }
}

function open(target: Hl7Target, tls: ConnectionOptions | null, deadline: AbortSignal): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const { host, port } = target
    const socket = tls ? connectTls({ ...tls, host, port }) : connect({ host, port, noDelay: true })
    socket.setNoDelay(true)
    let joined = false
    // Joined but not secured: its certificate is not one that we take, or it does not take ours.
    if (tls) socket.once('connect', () => (joined = true))
    const give = (code: TransportError['code']) => {
      socket.destroy()
      reject(new TransportError(code))
    }
    const late = () => give('unreachable')
    deadline.addEventListener('abort', late, { once: true })
    // Stays for the life of the socket: an idle connection that breaks must not bring the gateway down.
    socket.on('error', () => give(joined ? 'untrusted' : 'unreachable'))
    socket.once(tls ? 'secureConnect' : 'connect', () => {
      deadline.removeEventListener('abort', late)
      resolve(socket)
    })
  })
}

/** Writes the block and takes blocks until `accept` gives an answer. */
function answerOn<T>(
  socket: Socket,
  block: Buffer,
  deadline: AbortSignal,
  accept: (block: Buffer) => T | null,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const read = createBlockReader()
    const settle = (finish: () => void) => {
      socket.off('data', take).off('close', gone)
      deadline.removeEventListener('abort', late)
      finish()
    }
    const fail = (code: TransportError['code']) => settle(() => reject(new TransportError(code)))
    const gone = () => fail('disconnected')
    const late = () => fail('ack-timeout')
    const take = (chunk: Buffer) => {
      try {
        for (const answer of read(chunk).map(accept)) {
          if (answer) return settle(() => resolve(answer))
        }
      } catch {
        fail('ack-unreadable')
      }
    }
    if (socket.destroyed || socket.readableEnded) return gone()
    socket.on('data', take).once('close', gone)
    deadline.addEventListener('abort', late, { once: true })
    socket.write(block)
  })
}
