/** One body part of a multipart message (RFC 2046 section 5.1). */
export interface Part {
  /** Names in lower case. */
  headers: Map<string, string>
  /** To be read to its end before the next part is asked for; what is left is skipped. */
  body: AsyncIterable<Buffer>
  /**
   * Instead of `body`, where its length is known: all of it into `target`, which it must fill to the byte. `received` is called
   * as more of it has come. @throws MultipartError where the part is shorter or longer
   */
  fill(target: Buffer, received?: (length: number) => void): Promise<void>
}

/** The message is not what its Content-Type promised. */
export class MultipartError extends Error {
  override name = 'MultipartError'
}

const headerLimit = 16_384
const lineEnd = Buffer.from('\r\n')
const headersEnd = Buffer.from('\r\n\r\n')

/** The parameters of a media type, quoted or not; names in lower case (RFC 9110 8.3.1). */
export function mediaTypeOf(contentType: string): { type: string; parameters: Map<string, string> } {
  const parameters = new Map<string, string>()
  for (const [, name = '', quoted, plain] of contentType.matchAll(
    /;\s*([\w-]+)\s*=\s*(?:"([^"]*)"|([^\s;,]+))/g,
  )) {
    parameters.set(name.toLowerCase(), quoted ?? plain ?? '')
  }
  return { type: (contentType.split(';')[0] ?? '').trim().toLowerCase(), parameters }
}

/**
 * Takes a multipart body apart as it arrives, holding no more than a part's headers and a boundary's length of it.
 * @throws MultipartError on a message that has no boundary, ends early or has headers beyond 16 KiB
 */
export async function* readParts(stream: AsyncIterable<Buffer>, boundary: string): AsyncGenerator<Part> {
  if (boundary === '' || boundary.length > 200) throw new MultipartError('no boundary')
  const input = createInput(stream)
  // The first delimiter may stand at the very beginning, without the line break that is part of it elsewhere.
  const delimiter = Buffer.from(`\r\n--${boundary}`, 'latin1')
  input.prepend(lineEnd)
  for await (const _preamble of input.until(delimiter));
  while (await nextIsPart(input)) {
    const body = input.until(delimiter)
    yield {
      headers: await readHeaders(input),
      body,
      async fill(target, received) {
        await input.fill(target, received)
        // Where the length was true the delimiter comes now.
        if (!(await input.peek(delimiter.length)).equals(delimiter))
          throw new MultipartError('another length')
      },
    }
    for await (const _rest of body);
  }
  // To its end, so that the connection it came on can serve again.
  await input.drain()
}

/** After a delimiter: two hyphens end the message; otherwise blanks and a line break lead to the next part. */
async function nextIsPart(input: Input): Promise<boolean> {
  const mark = await input.exactly(2)
  if (mark.toString('latin1') === '--') return false
  if (mark.equals(lineEnd)) return true
  const padding = await input.through(lineEnd, 256)
  if (!/^[ \t]*$/.test(mark.toString('latin1').trimEnd() + padding.toString('latin1'))) {
    throw new MultipartError('malformed boundary')
  }
  return true
}

async function readHeaders(input: Input): Promise<Map<string, string>> {
  const headers = new Map<string, string>()
  // A part without headers has the blank line right away.
  if ((await input.peek(2)).equals(lineEnd)) {
    await input.exactly(2)
    return headers
  }
  const block = (await input.through(headersEnd, headerLimit)).toString('latin1')
  for (const line of block.replaceAll(/\r\n[ \t]+/g, ' ').split('\r\n')) {
    const colon = line.indexOf(':')
    if (colon > 0) headers.set(line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim())
  }
  return headers
}

type Input = ReturnType<typeof createInput>

/** The stream with what was read of it too far. */
function createInput(stream: AsyncIterable<Buffer>) {
  const iterator = stream[Symbol.asyncIterator]()
  let held: Buffer = Buffer.alloc(0)

  const more = async () => {
    const { value, done } = await iterator.next()
    if (done) throw new MultipartError('ended early')
    held = held.length === 0 ? value : Buffer.concat([held, value])
  }
  const drop = (length: number) => {
    const taken = held.subarray(0, length)
    held = held.subarray(length)
    return taken
  }
  const peek = async (length: number) => {
    while (held.length < length) await more()
    return held.subarray(0, length)
  }

  return {
    prepend(bytes: Buffer) {
      held = Buffer.concat([bytes, held])
    },
    peek,
    async fill(target: Buffer, received?: (length: number) => void) {
      let length = 0
      while (length < target.length) {
        if (held.length === 0) await more()
        const taken = drop(Math.min(held.length, target.length - length))
        taken.copy(target, length)
        length += taken.length
        received?.(length)
      }
    },
    async drain() {
      while (!(await iterator.next()).done);
    },
    async exactly(length: number) {
      await peek(length)
      return drop(length)
    },
    /** What stands before `mark`, at most `limit` bytes; the mark is passed. */
    async through(mark: Buffer, limit: number) {
      for (;;) {
        const at = held.indexOf(mark)
        if (at > limit || (at < 0 && held.length > limit)) throw new MultipartError('headers too long')
        if (at >= 0) {
          const found = drop(at)
          drop(mark.length)
          return found
        }
        await more()
      }
    },
    /** Hands on what stands before `mark` as it comes, and passes the mark. */
    async *until(mark: Buffer): AsyncGenerator<Buffer> {
      for (;;) {
        const at = held.indexOf(mark)
        if (at >= 0) {
          const last = drop(at)
          drop(mark.length)
          if (last.length > 0) yield last
          return
        }
        // The end of what is held may be the mark's beginning.
        const safe = held.length - mark.length + 1
        if (safe > 0) yield drop(safe)
        await more()
      }
    },
  }
}
