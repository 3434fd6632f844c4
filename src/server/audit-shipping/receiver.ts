import { X509Certificate } from 'node:crypto'
import { readFileSync, statSync } from 'node:fs'
import { connect, type TLSSocket } from 'node:tls'
import type { Clock } from '../../shared/time/clock.ts'
import type { GatewayConfig } from '../config/index.ts'
import { refuseWiderThanOwner } from '../protection/index.ts'
import { ShippingError, shippingCode } from './failure.ts'

export type Receiver = NonNullable<GatewayConfig['audit']['shipping']>

/** One connection to the log server, good for one batch. */
export interface ReceiverConnection {
  /**
   * Writes everything, says that nothing more comes (close_notify), and waits until the receiver ends its side as well, which
   * it does when it has read all of it: what TLS brings in order, the end included.
   * @throws ShippingError
   */
  deliver(batch: Buffer): Promise<void>
  /** Whether the other side still holds it. */
  isOpen(): boolean
  /** Calls once when the other side lets go of it, or it breaks. */
  onGone(listener: (code: ShippingError['code']) => void): void
  close(): void
}

/** How long is waited: for a connection, and for the end of a batch; ms. */
export interface Patience {
  connectMs: number
  deliverMs: number
}

/**
 * Opens a connection with both sides' certificates proven. The files are read each time: a renewed certificate needs no restart.
 * @throws ShippingError
 */
export function openReceiver(
  receiver: Receiver,
  { patience, clock, signal }: { patience: Patience; clock: Clock; signal: AbortSignal },
): Promise<ReceiverConnection> {
  const { host, port } = receiver
  const options = ownSide(receiver, clock)
  return new Promise((resolve, reject) => {
    const socket = connect({ ...options, host, port })
    socket.setNoDelay(true)
    socket.setKeepAlive(true, 30_000)
    let joined = false
    let secured = false
    let gone: ShippingError['code'] | null = null
    const listeners = new Set<(code: ShippingError['code']) => void>()
    const end = (code: ShippingError['code']) => {
      if (gone !== null) return
      gone = code
      clearTimeout(late)
      signal.removeEventListener('abort', abort)
      reject(new ShippingError(code))
      for (const listener of listeners) listener(code)
    }
    const late = setTimeout(() => {
      end(joined ? 'silent' : 'unreachable')
      socket.destroy()
    }, patience.connectMs)
    const abort = () => {
      end('closed')
      socket.destroy()
    }
    signal.addEventListener('abort', abort, { once: true })
    socket.once('connect', () => {
      joined = true
    })
    socket.on('error', (error) => end(shippingCode(error, secured)))
    socket.on('end', () => end('closed'))
    socket.on('close', () => end('closed'))
    // Nothing comes back in this protocol; what comes is let go, or the end behind it would never be seen.
    socket.resume()
    socket.once('secureConnect', () => {
      secured = true
      clearTimeout(late)
      resolve({
        deliver: (batch) => deliver(socket, batch, patience.deliverMs),
        isOpen: () => gone === null,
        onGone: (listener) => {
          if (gone !== null) listener(gone)
          else listeners.add(listener)
        },
        close: () => socket.destroy(),
      })
    })
    if (signal.aborted) abort()
  })
}

function deliver(socket: TLSSocket, batch: Buffer, withinMs: number): Promise<void> {
  return new Promise((resolve, reject) => {
    let said = false
    const settle = (code: ShippingError['code'] | null) => {
      clearTimeout(late)
      socket.off('error', broke).off('end', ended).off('close', closed)
      if (code === null) return resolve()
      socket.destroy()
      reject(new ShippingError(code))
    }
    const broke = (error: unknown) => settle(shippingCode(error, true))
    // An end that comes before we have said ours is no answer to it.
    const ended = () => !said && settle('closed')
    const closed = (hadError: boolean) => settle(said && !hadError && socket.readableEnded ? null : 'closed')
    const late = setTimeout(() => settle('silent'), withinMs)
    if (socket.destroyed || socket.readableEnded) return settle('closed')
    socket.on('error', broke).on('end', ended).on('close', closed)
    socket.end(batch, () => {
      said = true
    })
  })
}

/** What TLS needs from us, 1.2 at the least. @throws ShippingError where it cannot work. */
function ownSide({ host, tls }: Receiver, clock: Clock) {
  let files: { ca: string; cert: string; key: string }
  let notAfter: number
  try {
    refuseWiderThanOwner(tls.keyFile, statSync(tls.keyFile))
    const read = (file: string) => readFileSync(file, 'utf8')
    files = { ca: read(tls.caFile), cert: read(tls.certificateFile), key: read(tls.keyFile) }
    notAfter = Date.parse(new X509Certificate(files.cert).validTo)
  } catch {
    throw new ShippingError('certificate-files')
  }
  if (notAfter < clock()) throw new ShippingError('own-certificate-expired')
  // An address is no SNI (RFC 6066); it is held against the certificate all the same.
  const servername = tls.serverName ?? (/^[\d.]+$|:/.test(host) ? undefined : host)
  return {
    ...files,
    minVersion: 'TLSv1.2' as const,
    rejectUnauthorized: true,
    ...(servername ? { servername } : {}),
  }
}
