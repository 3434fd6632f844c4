import { getWebWorkerManager } from '@cornerstonejs/core'
import { init as initImageLoader } from '@cornerstonejs/dicom-image-loader'
import type { PixelDescription } from '../dicom/pixel-description.ts'
import type { Codec, CodecResult, StoredFrame } from '../pixels/decode-frame.ts'
import type { Samples } from '../pixels/native.ts'
import { ImageProblem } from '../problem.ts'

const workerName = 'dicomImageLoader'

/** What the loader's worker answers; `frameInfo` and `interleaveMode` come from the JPEG-LS codec. */
interface WorkerFrame {
  pixelData: Samples
  pixelDataLength: number
  rows: number
  columns: number
  planarConfiguration?: number
  interleaveMode?: number
}

export interface CodecWorkers {
  decode: Codec
  /** Resolves when every worker has answered once. */
  warmUp(): Promise<void>
  /** Ends the workers and with them the last images in their memory; new ones take their place. */
  end(): void
}

interface DecodeApi {
  decodeTask(task: object): Promise<WorkerFrame>
}

function decodeIn(api: DecodeApi, frame: StoredFrame, d: PixelDescription): Promise<WorkerFrame> {
  return api.decodeTask({
    imageFrame: {
      rows: d.rows,
      columns: d.columns,
      bitsAllocated: d.bitsAllocated,
      bitsStored: d.bitsStored,
      samplesPerPixel: d.samplesPerPixel,
      pixelRepresentation: d.signed ? 1 : 0,
      planarConfiguration: d.planar,
      photometricInterpretation: d.photometric,
    },
    transferSyntax: frame.transferSyntaxUid,
    pixelData: frame.bytes,
    options: { preScale: { enabled: false } },
    decodeConfig: {},
  })
}

/** A JPEG 2000 codestream of 3 × 5 pixels, made with opj_compress. */
const marker =
  '/0//UQApAAAAAAADAAAABQAAAAAAAAAAAAAAAwAAAAUAAAAAAAAAAAABBwEB/1IADAAAAAEAAAQEAAH/XAAEQED/ZAAlAAFDcmVhdGVk' +
  'IGJ5IE9wZW5KUEVHIHZlcnNpb24gMi41LjD/kAAKAAAAAAAeAAH/k8+0NBFQQ5/mhlrAKZ2NNj//2Q=='
const jpeg2000 = new Set(['1.2.840.10008.1.2.4.90', '1.2.840.10008.1.2.4.91'])

const tiny = {
  rows: 1,
  columns: 1,
  bitsAllocated: 8,
  bitsStored: 8,
  samplesPerPixel: 1,
  photometric: 'MONOCHROME2',
}

/**
 * cornerstone's decode workers (libjpeg-turbo, CharLS, OpenJPEG, OpenJPH, JPEG lossless). A malformed stream may hang or
 * poison a codec: after `timeoutMs` the workers are replaced and what they were at is done again once.
 */
export function createCodecWorkers(options: { workers: number; timeoutMs: number }): CodecWorkers {
  initImageLoader({ maxWebWorkers: options.workers })
  const restarts = new Set<() => void>()
  const markerFrame = Uint8Array.from(atob(marker), (character) => character.charCodeAt(0))
  const markerSize = { ...tiny, rows: 5, columns: 3 } as PixelDescription
  const newLanes = () => Array.from({ length: options.workers }, () => ({ tail: Promise.resolve(), load: 0 }))
  /** One decode at a time in each worker. */
  let lanes = newLanes()

  const task = async (
    frame: StoredFrame,
    d: PixelDescription,
    lane = leastLoaded(),
  ): Promise<WorkerFrame> => {
    const mine = lanes[lane]!
    mine.load += 1
    const api = getWebWorkerManager().workerRegistry[workerName]?.instances[lane] as DecodeApi | undefined
    const job = mine.tail.then(() => {
      if (!api) throw new ImageProblem('decode-failed')
      // The JPEG 2000 decoder is one object for all images and does not report failure: it goes on holding the image
      // before, which would be shown as this one. After the marker, what it holds has the marker's size, and is refused.
      const cleared = jpeg2000.has(frame.transferSyntaxUid)
        ? decodeIn(api, { ...frame, bytes: markerFrame }, markerSize)
        : Promise.resolve()
      return cleared.then(() => decodeIn(api, frame, d))
    })
    mine.tail = job.then(
      () => {},
      () => {},
    )
    return job.finally(() => {
      mine.load -= 1
    })
  }

  const leastLoaded = () => {
    const loads = lanes.map((lane) => lane.load)
    return loads.indexOf(Math.min(...loads))
  }

  const end = () => {
    const waiting = [...restarts]
    restarts.clear()
    const manager = getWebWorkerManager()
    lanes = newLanes()
    const start = manager.workerRegistry[workerName]?.workerFn
    manager.terminate(workerName)
    // Registered anew: left to itself the manager would start one worker only after all were ended.
    if (start)
      manager.registerWorker(workerName, start, { maxWorkerInstances: options.workers, overwrite: true })
    for (const restart of waiting) restart()
  }

  const attempt = (frame: StoredFrame, d: PixelDescription) => {
    const { promise, resolve, reject } = Promise.withResolvers<WorkerFrame | 'restarted'>()
    const restart = () => resolve('restarted')
    restarts.add(restart)
    const timer = setTimeout(() => reject(new ImageProblem('decode-timeout')), options.timeoutMs)
    task(frame, d).then(resolve, (cause) => reject(new ImageProblem('decode-failed', '', { cause })))
    return promise.finally(() => {
      clearTimeout(timer)
      restarts.delete(restart)
    })
  }

  const decode = async (frame: StoredFrame, d: PixelDescription): Promise<CodecResult> => {
    try {
      let decoded = await attempt(frame, d)
      if (decoded === 'restarted') decoded = await attempt(frame, d)
      if (decoded === 'restarted') throw new ImageProblem('decode-failed')
      if (decoded.rows !== d.rows || decoded.columns !== d.columns)
        throw new ImageProblem('decode-failed', `${decoded.columns}×${decoded.rows}`)
      const byPlane = d.samplesPerPixel > 1 && decoded.interleaveMode === 0
      return { samples: decoded.pixelData, byPlane }
    } catch (thrown) {
      if (!(thrown instanceof ImageProblem) || thrown.code === 'decode-timeout') end()
      throw thrown
    }
  }

  return {
    decode,
    async warmUp() {
      const d = { ...tiny, planar: 0, highBit: 7, signed: false } as PixelDescription
      const frame = { bytes: new Uint8Array(1), transferSyntaxUid: '1.2.840.10008.1.2.1' }
      await Promise.all(lanes.map((_, lane) => task(frame, d, lane)))
    },
    end,
  }
}
