/** Where the body of one part of a multipart message goes, as it comes. */
export interface PartSink {
  /** How long the body is, where that is known: it is then not searched for its end, and must end there. */
  length: number | null
  write(piece: Buffer): void
  /** All of the body was written. */
  end(): void
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

/** Takes what it wants from the front of `input` and tells how much that was; none where it has to wait for more. */
type Step = (input: Buffer) => number

export interface PartReader {
  /** @throws MultipartError, and what a sink throws; the message cannot be read on then */
  write(chunk: Buffer): void
  /** The message is over. @throws MultipartError where it ended early */
  end(): void
}

/**
 * Takes a multipart message (RFC 2046 section 5.1) apart as it is written, holding no more than a part's headers and a boundary's
 * length of it. `open` gets each part's headers, names in lower case, and says where its body goes; null skips it.
 * @throws MultipartError on a message that has no boundary, ends early, has headers beyond 16 KiB or a part of another length than said
 */
export function createPartReader(
  boundary: string,
  open: (headers: Map<string, string>) => PartSink | null,
): PartReader {
  if (boundary === '' || boundary.length > 200) throw new MultipartError('no boundary')
  const delimiter = Buffer.from(`\r\n--${boundary}`, 'latin1')
  // The first delimiter may stand at the very beginning, without the line break that is part of it elsewhere.
  let held: Buffer = lineEnd
  let step: Step

  /** Hands on what stands before the delimiter, and passes it. */
  const searched =
    (sink: PartSink | null): Step =>
    (input) => {
      const at = input.indexOf(delimiter)
      // The end of what is here may be the delimiter's beginning.
      const safe = at >= 0 ? at : Math.max(0, input.length - delimiter.length + 1)
      if (safe > 0) sink?.write(input.subarray(0, safe))
      if (at < 0) return safe
      sink?.end()
      step = delimited
      return at + delimiter.length
    }

  /** Hands on what is known to be the body; the delimiter has to come right after it. */
  const counted = (sink: PartSink, length: number): Step => {
    let left = length
    return (input) => {
      if (left > 0) {
        const piece = input.subarray(0, left)
        left -= piece.length
        sink.write(piece)
        return piece.length
      }
      if (input.length < delimiter.length) return 0
      if (!input.subarray(0, delimiter.length).equals(delimiter)) throw new MultipartError('another length')
      sink.end()
      step = delimited
      return delimiter.length
    }
  }

  /** After a delimiter: two hyphens end the message; otherwise blanks and a line break lead to the next part. */
  const delimited: Step = (input) => {
    if (input.length < 2) return 0
    if (input.toString('latin1', 0, 2) === '--') {
      step = epilogue
      return 2
    }
    const at = input.indexOf(lineEnd)
    if (at < 0 && input.length <= 256) return 0
    if (at < 0 || !/^[ \t]{0,256}$/.test(input.toString('latin1', 0, at)))
      throw new MultipartError('malformed boundary')
    step = headed
    return at + lineEnd.length
  }

  const headed: Step = (input) => {
    // A part without headers has the blank line right away.
    const isBare = input.length >= 2 && input.subarray(0, 2).equals(lineEnd)
    const at = isBare ? 0 : input.indexOf(headersEnd)
    if (at > headerLimit || (at < 0 && input.length > headerLimit))
      throw new MultipartError('headers too long')
    if (at < 0) return 0
    const sink = open(parseHeaders(input.toString('latin1', 0, at)))
    step = sink && sink.length !== null ? counted(sink, sink.length) : searched(sink)
    return at + (isBare ? lineEnd : headersEnd).length
  }

  const epilogue: Step = (input) => input.length

  step = searched(null)
  return {
    write(chunk) {
      let input = held.length === 0 ? chunk : Buffer.concat([held, chunk])
      while (input.length > 0) {
        const current = step
        const taken = current(input)
        if (taken === 0 && step === current) break
        input = input.subarray(taken)
      }
      held = input
    },
    end() {
      if (step !== epilogue) throw new MultipartError('ended early')
    },
  }
}

function parseHeaders(block: string): Map<string, string> {
  const headers = new Map<string, string>()
  for (const line of block.replaceAll(/\r\n[ \t]+/g, ' ').split('\r\n')) {
    const colon = line.indexOf(':')
    if (colon > 0) headers.set(line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim())
  }
  return headers
}
