import type { Frame } from './index.ts'

/** Beside the bytes: key, map entry and Buffer object. */
const entryBytes = 512

export interface FrameMemory {
  get(study: string, key: string): Frame | undefined
  has(study: string, key: string): boolean
  /** False where there is no room for it but that of frames which must stay. */
  set(study: string, key: string, frame: Frame): boolean
  /** Forgets the studies of which this is true. */
  drop(gone: (study: string) => boolean): void
  clear(): void
  readonly bytes: number
}

/**
 * Frames within `maxBytes`. Beyond it the study used longest ago gives way, its frames used longest ago first; a study that is
 * open never does: what finds no room then is not kept.
 */
export function createFrameMemory(maxBytes: number, isOpen: (study: string) => boolean): FrameMemory {
  /** Studies and their frames, each in the order of their last use. */
  const studies = new Map<string, Map<string, Frame>>()
  let bytes = 0
  const weigh = (frame: Frame) => frame.bytes.length + entryBytes

  const use = (study: string): Map<string, Frame> => {
    const frames = studies.get(study) ?? new Map<string, Frame>()
    studies.delete(study)
    studies.set(study, frames)
    return frames
  }
  const remove = (study: string, frames: Map<string, Frame>, key: string) => {
    const frame = frames.get(key)
    if (!frame) return
    frames.delete(key)
    bytes -= weigh(frame)
    if (frames.size === 0) studies.delete(study)
  }
  /** Makes room for so many bytes, or finds that there is none. */
  const makeRoom = (wanted: number): boolean => {
    for (const [study, frames] of studies) {
      if (bytes + wanted <= maxBytes) return true
      if (isOpen(study)) continue
      for (const key of frames.keys()) {
        if (bytes + wanted <= maxBytes) return true
        remove(study, frames, key)
      }
    }
    return bytes + wanted <= maxBytes
  }

  return {
    get(study, key) {
      const frame = studies.get(study)?.get(key)
      if (!frame) return undefined
      const frames = use(study)
      frames.delete(key)
      frames.set(key, frame)
      return frame
    },
    has: (study, key) => studies.get(study)?.has(key) ?? false,
    set(study, key, frame) {
      const known = studies.get(study)
      if (known) remove(study, known, key)
      if (weigh(frame) > maxBytes || !makeRoom(weigh(frame))) return false
      use(study).set(key, frame)
      bytes += weigh(frame)
      return true
    },
    drop(gone) {
      for (const [study, frames] of [...studies]) {
        if (gone(study)) for (const key of [...frames.keys()]) remove(study, frames, key)
      }
    },
    clear() {
      studies.clear()
      bytes = 0
    },
    get bytes() {
      return bytes
    },
  }
}
