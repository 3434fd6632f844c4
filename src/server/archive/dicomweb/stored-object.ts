import { VigilError } from '../../../shared/errors/index.ts'
import type { DicomJson } from '../../../shared/study/index.ts'
import { createRecentCache } from '../cache.ts'
import type { Frame } from '../index.ts'
import { bufferSource } from '../object/byte-source.ts'
import { toDicomJson } from '../object/json.ts'
import { type DicomObject, readObject } from '../object/part10.ts'
import { readFrame } from '../pixel/frame.ts'
import { layoutOf, type PixelLayout } from '../pixel/layout.ts'
import type { PacsHttp } from './http.ts'
import { getOctets } from './resources.ts'

const asStored = 'multipart/related; type="application/dicom"; transfer-syntax=*'

interface Known {
  object: DicomObject
  layout: PixelLayout | null
  bytes: number
}

export type StoredObjects = ReturnType<typeof createStoredObjects>

/** Objects got whole from the PACS (PS3.18 10.4.1.1.3), to read here what the PACS does not give of them; the latest are held, to 256 MiB. */
export function createStoredObjects(http: PacsHttp) {
  const cache = createRecentCache<Known>(256 << 20, ({ bytes }) => bytes)
  const underway = new Map<string, Promise<Known>>()

  const fetchObject = async (path: string): Promise<Known> => {
    const octets = await getOctets(http, path, asStored)
    if (!octets) throw new VigilError('instance-broken')
    const object = await readObject(bufferSource(octets.bytes))
    const known = { object, layout: await layoutOf(object), bytes: octets.bytes.length + object.source.size }
    cache.set(path, known)
    return known
  }
  /** Who asks for another frame meanwhile waits for the same transfer; none of them may therefore abort it. */
  const load = (path: string): Promise<Known> => {
    const known = cache.get(path)
    if (known) return Promise.resolve(known)
    const loading = underway.get(path) ?? fetchObject(path).finally(() => underway.delete(path))
    underway.set(path, loading)
    return loading
  }

  return {
    /** `index` from 0. @throws Unreadable, HttpStatus, VigilError */
    async frame(path: string, index: number, signal?: AbortSignal): Promise<Frame> {
      const { object, layout } = await load(path)
      signal?.throwIfAborted()
      if (!layout || index >= layout.frames) throw new VigilError('study-not-found')
      return {
        transferSyntaxUid: layout.transferSyntaxUid,
        bytes: await readFrame(object.source, layout, index),
      }
    },

    async metadata(path: string): Promise<DicomJson> {
      return toDicomJson((await load(path)).object)
    },

    async transferSyntax(path: string): Promise<string | null> {
      const { layout } = await load(path)
      return layout?.transferSyntaxUid ?? null
    },
  }
}
