import type http from 'node:http'
import type { Socket } from 'node:net'

/** Where the next bytes from a connection are to be read; null where nobody minds. */
export type NextPlace = () => Buffer | null

const nextPlace = Symbol('where to read next')
type Reading = Socket & { [nextPlace]?: NextPlace }

/** What nobody has a place for is read into memory of this size, each byte of which is read into once. */
const sharedBytes = 64 << 10
/** Where less is left of it, other memory is begun. */
const leastRead = 16 << 10

/**
 * Connections of `agent` from now on are read into memory that is given for it (`readInto`). Node by itself takes new memory for
 * each 64 KiB it reads, which for frames is half of all garbage. The other half is the copy that Node's HTTP parser makes of a body;
 * the parsing stays Node's all the same.
 */
export function readInPlace(agent: http.Agent): void {
  const connect = agent.createConnection
  agent.createConnection = (options, callback) => {
    let socket: Reading | undefined
    let shared: Buffer = Buffer.alloc(0)
    let given = shared
    const onread = {
      buffer() {
        const wanted = socket?.[nextPlace]?.()
        if (!wanted && shared.length < leastRead) shared = Buffer.allocUnsafeSlow(sharedBytes)
        given = wanted ?? shared
        return given
      },
      callback(count: number) {
        const piece = given.subarray(0, count)
        if (given === shared) shared = shared.subarray(count)
        return socket?.emit('data', piece) ?? false
      },
    }
    const connected = connect.call(agent, { ...options, onread } as typeof options, callback)
    socket = connected as Socket
    return connected
  }
}

/**
 * The bytes that follow those of the answer which were consumed so far are read to where `place` says, asked before each reading,
 * until it is null. They come as the answer's data as ever, and are to be put where they belong: what was read may be something
 * else than the body (the length of a chunk). Nothing that was not consumed yet is ever read over.
 */
export function readInto(answer: http.IncomingMessage, place: NextPlace | null): void {
  const socket: Reading = answer.socket
  if (!place) delete socket[nextPlace]
  // While some of what was read still waits in the answer, the place is not the one that the next bytes belong to.
  else socket[nextPlace] = () => (answer.readableLength === 0 && !answer.isPaused() ? place() : null)
}
