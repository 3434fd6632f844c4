import { ErrorCode } from '../../../shared/errors/index.ts'
import { transferSyntaxOfContentType } from '../dicom/transfer-syntax.ts'
import type { StoredFrame } from '../pixels/decode-frame.ts'
import { ImageProblem } from '../problem.ts'

/** The code of a refusal; a body that is not a Failure is `internal`. */
async function refusal(response: Response): Promise<ImageProblem> {
  const body: unknown = await response.json().catch(() => null)
  const code = ErrorCode.safeParse((body as { code?: unknown } | null)?.code)
  return new ImageProblem(code.success ? code.data : 'internal', `HTTP ${response.status}`)
}

/**
 * A frame as stored, from the renderer's own origin. Nothing is kept in the HTTP cache: on lock no copy may stay behind.
 * @throws ImageProblem with the gateway's code, `gateway-unreachable` or `cancelled`.
 */
export async function requestFrame(url: string, signal: AbortSignal): Promise<StoredFrame> {
  try {
    const response = await fetch(url, {
      signal,
      cache: 'no-store',
      headers: { accept: 'application/octet-stream' },
    })
    if (!response.ok) throw await refusal(response)
    const transferSyntaxUid = transferSyntaxOfContentType(response.headers.get('content-type') ?? '')
    if (!transferSyntaxUid) throw new ImageProblem('gateway-protocol', 'transfer-syntax')
    return { transferSyntaxUid, bytes: new Uint8Array(await response.arrayBuffer()) }
  } catch (cause) {
    if (cause instanceof ImageProblem) throw cause
    throw new ImageProblem(signal.aborted ? 'cancelled' : 'gateway-unreachable', '', { cause })
  }
}

/** The browser has six connections to an origin; what is on screen must find one. */
const mostAhead = 2

/** Frames asked for before the image that they belong to is: the first of a series, while its attributes are still on their way. */
export interface FramesAhead {
  begin(url: string): void
  /** The frame, under way or not, once; a failed one is asked for again. */
  take(url: string, signal: AbortSignal): Promise<StoredFrame>
  close(): void
}

export function createFramesAhead(request: typeof requestFrame = requestFrame): FramesAhead {
  const underWay = new Map<string, Promise<StoredFrame | null>>()
  const end = new AbortController()
  return {
    begin(url) {
      if (end.signal.aborted || underWay.has(url) || underWay.size >= mostAhead) return
      underWay.set(
        url,
        request(url, end.signal).catch(() => null),
      )
    },
    async take(url, signal) {
      const begun = underWay.get(url)
      underWay.delete(url)
      return (await begun) ?? request(url, signal)
    },
    close() {
      end.abort()
      underWay.clear()
    },
  }
}
