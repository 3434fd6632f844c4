import { createSocket } from 'node:dgram'
import { isIP } from 'node:net'
import type { Clock, RandomBytes } from '../../shared/time/clock.ts'

/** What a time server said. */
export interface TimeSample {
  /** Its time minus ours, in ms. */
  offsetMs: number
  /** There and back, without its own time; half of it is how wrong the offset may be. */
  delayMs: number
}

/** An answer that counts (RFC 4330 5, RFC 5905 7.3). The message is the code alone. */
export class TimeError extends Error {
  readonly code: 'no-answer' | 'unusable'

  constructor(code: TimeError['code']) {
    super(code)
    this.name = 'TimeError'
    this.code = code
  }
}

const packetBytes = 48
/** Seconds between 1900 and 1970. */
const toUnix = 2_208_988_800
const eraSeconds = 2 ** 32

/** A client's question: version 4, mode 3. The transmit time is a random number, so that an answer must have seen it. */
export function question(cookie: Uint8Array): Buffer {
  const packet = Buffer.alloc(packetBytes)
  packet[0] = (4 << 3) | 3
  packet.set(cookie.subarray(0, 8), 40)
  return packet
}

/**
 * Reads the answer to a question sent at `sentAt` and answered at `gotAt` (both our time, epoch ms).
 * @throws TimeError `unusable` where it is no answer to it, or of a server that has no time itself.
 */
export function readAnswer(
  packet: Buffer,
  cookie: Uint8Array,
  { sentAt, gotAt }: { sentAt: number; gotAt: number },
): TimeSample {
  const first = packet[0] ?? 0
  const stratum = packet[1] ?? 0
  const usable =
    packet.length >= packetBytes &&
    (first & 7) === 4 &&
    first >> 6 !== 3 &&
    stratum > 0 &&
    stratum < 16 &&
    packet.subarray(24, 32).equals(cookie.subarray(0, 8))
  if (!usable) throw new TimeError('unusable')
  const received = timestamp(packet, 32, gotAt)
  const transmitted = timestamp(packet, 40, gotAt)
  return {
    offsetMs: (received - sentAt + (transmitted - gotAt)) / 2,
    delayMs: gotAt - sentAt - (transmitted - received),
  }
}

/** Epoch ms; of the era (they turn over every 136 years, in 2036 next) that is nearest to now. */
function timestamp(packet: Buffer, at: number, now: number): number {
  const seconds = packet.readUInt32BE(at) - toUnix
  const era = Math.round((now / 1000 - seconds) / eraSeconds)
  return (seconds + era * eraSeconds) * 1000 + (packet.readUInt32BE(at + 4) / 2 ** 32) * 1000
}

/** Asks `host` or `host:port` (123 otherwise) once. @throws TimeError */
export function askTime(
  server: string,
  { clock, random, timeoutMs }: { clock: Clock; random: RandomBytes; timeoutMs: number },
): Promise<TimeSample> {
  const { host, port } = address(server)
  return new Promise((resolve, reject) => {
    const socket = createSocket(isIP(host) === 6 ? 'udp6' : 'udp4')
    const cookie = random(8)
    let sentAt = 0
    let over = false
    const settle = (finish: () => void) => {
      if (over) return
      over = true
      clearTimeout(late)
      socket.close()
      finish()
    }
    const fail = () => settle(() => reject(new TimeError('no-answer')))
    const late = setTimeout(fail, timeoutMs)
    socket.on('error', fail)
    socket.on('message', (packet) => {
      const gotAt = clock()
      try {
        const sample = readAnswer(packet, cookie, { sentAt, gotAt })
        settle(() => resolve(sample))
      } catch (error) {
        settle(() => reject(error))
      }
    })
    // Connected: the kernel lets in only what comes from there.
    socket.connect(port, host, () => {
      sentAt = clock()
      socket.send(question(cookie))
    })
  })
}

function address(server: string): { host: string; port: number } {
  const bracketed = /^\[(.+)\](?::(\d+))?$/.exec(server)
  if (bracketed?.[1]) return { host: bracketed[1], port: Number(bracketed[2] ?? 123) }
  const named = /^([^:]+):(\d+)$/.exec(server)
  return named?.[1] ? { host: named[1], port: Number(named[2]) } : { host: server, port: 123 }
}
