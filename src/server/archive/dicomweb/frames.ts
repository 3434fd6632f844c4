import { VigilError } from '../../../shared/errors/index.ts'
import { createRecentCache } from '../cache.ts'
import type { FrameBytes } from '../frame-bytes.ts'
import type { ArrivingFrame, Frame } from '../index.ts'
import { Unreadable } from '../object/unreadable.ts'
import { HttpStatus, type PacsHttp } from './http.ts'
import { getOctets, getTransferSyntax } from './resources.ts'
import type { StoredObjects } from './stored-object.ts'

export interface InstancePlace {
  study: string
  series: string
  instance: string
}

const asStored = 'multipart/related; type="application/octet-stream"; transfer-syntax=*'

/**
 * WADO-RS frames (PS3.18 10.4.1.1.6) as the PACS stores them. A PACS that cannot cut one out of its object (Orthanc answers
 * 500 for big endian, deflated and syntaxes it does not know, 400 where it cannot match frames and fragments) is asked for
 * the object, which is cut here. It is never asked to convert: converting JPEG 2000 overflows the stacks of Orthanc's
 * threads and takes the whole PACS down.
 */
export function createFrames(http: PacsHttp, objects: StoredObjects, memory: FrameBytes) {
  const syntaxes = createRecentCache<string>(100_000)

  return {
    /** `frame` counts from 1. @throws VigilError */
    async frame(
      place: InstancePlace & { frame: number },
      signal?: AbortSignal,
      arriving?: (frame: ArrivingFrame) => void,
    ): Promise<Frame> {
      const path = `${instancePath(place)}/frames/${place.frame}`
      try {
        const frame = await getOctets(http, path, asStored, { signal, arriving, take: memory.take }).catch(
          (error) => {
            if (!isRefusal(error)) throw error
            return objects.frame(instancePath(place), place.frame - 1, signal)
          },
        )
        if (!frame) throw new VigilError('instance-broken')
        syntaxes.set(place.instance, frame.transferSyntaxUid)
        return frame
      } catch (error) {
        throw frameFailure(error)
      }
    },

    /** What an instance's frames come in, by asking for one; null where it has none that can be read. */
    async transferSyntax(place: InstancePlace): Promise<string | null> {
      const known = syntaxes.get(place.instance)
      if (known) return known
      const path = instancePath(place)
      try {
        const found = await getTransferSyntax(http, `${path}/frames/1`, asStored).catch((error) => {
          if (!isRefusal(error)) throw error
          return objects.transferSyntax(path)
        })
        if (found) syntaxes.set(place.instance, found)
        return found
      } catch (error) {
        if (error instanceof HttpStatus || error instanceof Unreadable) return null
        throw error
      }
    },
  }
}

export const instancePath = ({ study, series, instance }: InstancePlace) =>
  `/studies/${study}/series/${series}/instances/${instance}`

/** The PACS is up and has the object, but does not give this frame of it. */
const isRefusal = (error: unknown) =>
  error instanceof HttpStatus && [400, 406, 415, 500, 501].includes(error.status)

function frameFailure(error: unknown): unknown {
  if (error instanceof Unreadable) return new VigilError('instance-broken', { reason: error.reason })
  if (!(error instanceof HttpStatus)) return error
  const { status } = error
  if (status === 404 || status === 410) return new VigilError('study-not-found', {}, { cause: error })
  return new VigilError(isRefusal(error) ? 'instance-broken' : 'archive-unavailable', {}, { cause: error })
}
