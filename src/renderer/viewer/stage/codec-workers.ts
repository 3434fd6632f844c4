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

function task(frame: StoredFrame, d: PixelDescription): Promise<WorkerFrame> {
  return getWebWorkerManager().executeTask(workerName, 'decodeTask', {
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
  }) as Promise<WorkerFrame>
}

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

  const end = () => {
    const waiting = [...restarts]
    restarts.clear()
    const manager = getWebWorkerManager()
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
      await Promise.all(Array.from({ length: options.workers }, () => task(frame, d)))
    },
    end,
  }
}
