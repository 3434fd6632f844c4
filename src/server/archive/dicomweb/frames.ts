import { VigilError } from '../../../shared/errors/index.ts'
import { createRecentCache } from '../cache.ts'
import type { Frame } from '../index.ts'
import { explicitLittleEndian } from '../object/transfer-syntax.ts'
import { HttpStatus, type PacsHttp } from './http.ts'
import { getOctets, getTransferSyntax } from './resources.ts'

export interface FramePlace {
  study: string
  series: string
  instance: string
  frame: number
}

const accept = (syntax: string) =>
  `multipart/related; type="application/octet-stream"; transfer-syntax=${syntax}`

/** WADO-RS frames (PS3.18 10.4.1.1.6), as the PACS stores them. */
export function createFrames(http: PacsHttp) {
  const syntaxes = createRecentCache<string>(100_000)

  /**
   * As stored; where the PACS cannot (Orthanc answers 500 to `transfer-syntax=*` for big endian, deflated and some retired
   * syntaxes) converted to explicit little endian. Only after 500 and 406: a 400 is Orthanc's word for pixel data that it
   * cannot read, and converting JPEG 2000 overflows its threads' stacks and takes the whole PACS down.
   */
  const withFallback = async <T>(load: (accepted: string) => Promise<T>): Promise<T> => {
    try {
      return await load(accept('*'))
    } catch (error) {
      if (!(error instanceof HttpStatus) || (error.status !== 500 && error.status !== 406)) throw error
      return await load(accept(explicitLittleEndian))
    }
  }

  return {
    async frame(place: FramePlace, signal?: AbortSignal): Promise<Frame> {
      try {
        const frame = await withFallback((accepted) => getOctets(http, framePath(place), accepted, signal))
        if (!frame) throw new VigilError('instance-broken')
        syntaxes.set(place.instance, frame.transferSyntaxUid)
        return frame
      } catch (error) {
        throw frameFailure(error)
      }
    },

    /** What an instance's frames come in, by asking for one; null where it has none that the PACS can read. */
    async transferSyntax(place: Omit<FramePlace, 'frame'>): Promise<string | null> {
      const known = syntaxes.get(place.instance)
      if (known) return known
      try {
        const found = await withFallback((accepted) =>
          getTransferSyntax(http, framePath({ ...place, frame: 1 }), accepted),
        )
        if (found) syntaxes.set(place.instance, found)
        return found
      } catch (error) {
        if (error instanceof HttpStatus) return null
        throw error
      }
    },
  }
}

const framePath = ({ study, series, instance, frame }: FramePlace) =>
  `/studies/${study}/series/${series}/instances/${instance}/frames/${frame}`

function frameFailure(error: unknown): unknown {
  if (!(error instanceof HttpStatus)) return error
  if (error.status === 404 || error.status === 410)
    return new VigilError('study-not-found', {}, { cause: error })
  const isObjects =
    error.status === 500 ||
    (error.status >= 400 && ![401, 403, 407, 429].includes(error.status) && error.status < 500)
  return new VigilError(isObjects ? 'instance-broken' : 'archive-unavailable', {}, { cause: error })
}
