import {
  cache,
  getShouldUseCPURendering,
  imageLoader,
  init as initCore,
  metaData,
  RenderingEngine,
  type Types,
} from '@cornerstonejs/core'
import { init as initTools } from '@cornerstonejs/tools'
import { describePixels } from '../dicom/pixel-description.ts'
import { createImageMemory } from '../load/image-memory.ts'
import { type ImageRecord, imageScheme, sourceOf } from '../load/image-record.ts'
import { decodeFrame, type StoredFrame } from '../pixels/decode-frame.ts'
import { ImageProblem } from '../problem.ts'
import { type CodecWorkers, createCodecWorkers } from './codec-workers.ts'
import { type StageImage, stageImage } from './cornerstone-image.ts'
import { destroyWithContexts } from './graphics-contexts.ts'
import { metadataFor } from './metadata-provider.ts'
import { createPointerTools, type PointerTools } from './pointer-tools.ts'

const megabyte = 1024 * 1024

/** cornerstone, started once for the page: WebGL contexts, decode workers, pointer tools, the bounded image cache. */
export interface Engine {
  tools: PointerTools
  cacheBytes: number
  /** The rendering engine; made anew after `wipe`. */
  rendering(): RenderingEngine
  /** Tells cornerstone of images; the records' ids are their image ids. */
  register(records: ImageRecord[]): void
  /** Forgets images and frees their memory. */
  unregister(imageIds: string[]): void
  record(imageId: string): ImageRecord | undefined
  decode(record: ImageRecord, frame: StoredFrame): Promise<StageImage>
  cached(imageId: string): StageImage | undefined
  isCached(imageId: string): boolean
  keep(imageId: string, image: StageImage): void
  /** Removes every pixel: viewports and their textures, cached images, the workers' memory; forgets all records. */
  wipe(): void
}

/** A quarter of what the browser tells of the machine's memory (at most 8 GiB), between 512 MiB and 2 GiB. */
function cacheSize(): number {
  const gigabytes = (navigator as { deviceMemory?: number }).deviceMemory ?? 4
  return Math.min(2048, Math.max(512, gigabytes * 256)) * megabyte
}

/** The images that viewports show now. */
function shownIn(rendering: RenderingEngine | null): Set<string> {
  const viewports = rendering?.getViewports() ?? []
  return new Set(
    viewports.map((viewport) => (viewport as Partial<Types.IStackViewport>).getCurrentImageId?.() ?? ''),
  )
}

function codecWorkers(): CodecWorkers {
  const workers = Math.min(4, Math.max(2, navigator.hardwareConcurrency - 1))
  return createCodecWorkers({ workers, timeoutMs: 30_000 })
}

export async function startEngine(): Promise<Engine> {
  initCore()
  initTools()
  const records = new Map<string, ImageRecord>()
  const workers = codecWorkers()
  const tools = createPointerTools()
  const cacheBytes = cacheSize()
  let rendering: RenderingEngine | null = new RenderingEngine('vigil')

  const memory = createImageMemory(cacheBytes)
  // cornerstone would drop what is on screen like anything else; it is we who make room, and its own bound is out of reach.
  cache.setMaxCacheSize(4 * cacheBytes)
  const drop = (imageId: string) => {
    memory.remove(imageId)
    if (cache.getImageLoadObject(imageId)) cache.removeImageLoadObject(imageId, { force: true })
  }
  metaData.addProvider((type: string, imageId: unknown) => {
    const record = typeof imageId === 'string' ? records.get(sourceOf(imageId)) : undefined
    return record && metadataFor(record, type)
  }, 1000)
  // Images are put into the cache before a viewport asks for them; cornerstone itself never loads any.
  imageLoader.registerImageLoader(imageScheme, () => ({
    promise: Promise.reject(new ImageProblem('cancelled')),
  }))
  await workers.warmUp()

  return {
    tools,
    cacheBytes,
    rendering() {
      rendering ??= new RenderingEngine('vigil')
      return rendering
    },
    register(added) {
      for (const record of added) records.set(record.imageId, record)
    },
    unregister(imageIds) {
      const gone = new Set(imageIds)
      for (const imageId of imageIds) {
        records.delete(imageId)
        drop(imageId)
      }
      for (const imageId of memory.ids()) if (gone.has(sourceOf(imageId))) drop(imageId)
    },
    record: (imageId) => records.get(sourceOf(imageId)),
    async decode(record, frame) {
      const decoded = await decodeFrame(frame, describePixels(record.attributes), workers.decode)
      return stageImage(record, decoded, frame.transferSyntaxUid, getShouldUseCPURendering())
    },
    cached(imageId) {
      memory.use(imageId)
      return cache.isLoaded(imageId) ? (cache.getImage(imageId) as StageImage | undefined) : undefined
    },
    isCached: (imageId) => cache.isLoaded(imageId),
    keep(imageId, image) {
      const shown = shownIn(rendering)
      for (const gone of memory.toMakeRoom(image.sizeInBytes, (one) => shown.has(one))) drop(gone)
      cache.putImageSync(imageId, image)
      memory.add(imageId, image.sizeInBytes)
    },
    wipe() {
      if (rendering) destroyWithContexts(rendering)
      rendering = null
      cache.purgeCache()
      memory.clear()
      records.clear()
      workers.end()
    },
  }
}
