import { readdir, readFile, realpath, rename, rm } from 'node:fs/promises'
import { basename, dirname, join, relative, sep } from 'node:path'
import type { ScrubSource } from '../../integrity/index.ts'
import { bytesGeneration, IntegrityError, type Protection } from '../../protection/index.ts'
import { bufferSource } from '../object/byte-source.ts'
import { Unreadable } from '../object/unreadable.ts'
import { withFile } from './inspect.ts'
import { writeThrough } from './write-through.ts'

/** Where what is stored goes, below the archive's folder: apart from what others put there. */
const ownFolder = 'vigil-objects'
const extension = '.sealed'

export type ObjectProtection = Pick<Protection, 'sealBytes' | 'openBytes' | 'blindIndex'>

/** A file is bound to its place below the folder, so that none can take another's. */
const labelOf = (root: string, path: string): string => `folder/${relative(root, path).split(sep).join('/')}`

/**
 * What the product itself writes into the hospital's folder lies there encrypted; what others put there is read as it is. A study's
 * own objects are in a folder named by a keyed index, so that the names say nothing either.
 */
export function ownObjects(root: string, protection: ObjectProtection) {
  return {
    folderOf: (study: string) =>
      join(root, ownFolder, protection.blindIndex('object-folder', study).slice(0, 22)),
    pathOf: (folder: string, name: string) => join(folder, `${name}${extension}`),
    sealed: (path: string, content: Buffer) => protection.sealBytes('object', labelOf(root, path), content),
    /** As `withFile`, of both kinds of files. @throws Unreadable where an own object was changed or is another's */
    withFile: ((path, use) =>
      withFile(path, async (source, state) => {
        if (!isOwn(root, path)) return use(source, state)
        const sealed = await source.read(0, source.size)
        return use(bufferSource(opened(protection, root, path, sealed)), state)
      })) as typeof withFile,
  }
}

export type OwnObjects = ReturnType<typeof ownObjects>

function isOwn(root: string, path: string): boolean {
  return path.endsWith(extension) && path.startsWith(join(root, ownFolder) + sep)
}

function opened(protection: ObjectProtection, root: string, path: string, sealed: Buffer): Buffer {
  try {
    return protection.openBytes('object', labelOf(root, path), sealed)
  } catch (error) {
    if (error instanceof IntegrityError) throw new Unreadable('failed its integrity check', { cause: error })
    throw error
  }
}

/** Every own object below the folder that is shown. */
async function ownFiles(root: string): Promise<string[]> {
  const entries = await readdir(join(root, ownFolder), { recursive: true, withFileTypes: true }).catch(
    () => [],
  )
  return entries
    .filter((entry) => entry.isFile() && !entry.name.startsWith('.') && entry.name.endsWith(extension))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
}

/**
 * For the scrub: each own object, whether it is still what was written. None is ever taken away by the product: one of `known`
 * (absolute paths, of a backup) that is not there is missing.
 */
export function ownObjectsSource(
  path: string,
  protection: ObjectProtection,
  known: () => Promise<readonly string[]> = async () => [],
): ScrubSource {
  return {
    name: 'object',
    total: async () => (await ownFiles(await realpath(path))).length,
    async *check() {
      const root = await realpath(path)
      const files = await ownFiles(root)
      const there = new Set(files.map((file) => relative(root, file)))
      for (const file of (await known()).map((one) => relative(path, one)))
        if (isOwn(root, join(root, file)) && !there.has(file)) yield { file, bytes: 0, fault: 'missing' }
      for (const file of files) {
        const sealed = await readFile(file).catch(() => null)
        // Gone while it was looked for.
        if (!sealed) continue
        yield {
          file: relative(root, file),
          bytes: sealed.length,
          fault: faultOf(protection, root, file, sealed),
        }
      }
    },
    async backedUp(file) {
      const root = await realpath(path)
      const at = join(root, file)
      if (!isOwn(root, at)) return null
      return {
        at: join(path, file),
        isWhole: async (candidate) => faultOf(protection, root, at, await readFile(candidate)) === null,
      }
    },
  }
}

function faultOf(protection: ObjectProtection, root: string, file: string, sealed: Buffer): string | null {
  try {
    opened(protection, root, file, sealed)
    return null
  } catch (error) {
    if (error instanceof Unreadable) return 'changed'
    throw error
  }
}

/** Seals own objects anew that are not under this generation, one after another, each whole or not at all. */
export async function resealFolder(
  folder: string,
  protection: ObjectProtection,
  generation: number,
): Promise<{ moved: number; damaged: number }> {
  const done = { moved: 0, damaged: 0 }
  const root = await realpath(folder)
  for (const path of await ownFiles(root)) {
    try {
      const sealed = await readFile(path)
      if (sealed.length > 4 && bytesGeneration(sealed) === generation) continue
      const content = opened(protection, root, path, sealed)
      const hidden = join(dirname(path), `.${basename(path)}`)
      await rm(hidden, { force: true })
      await writeThrough(hidden, protection.sealBytes('object', labelOf(root, path), content))
      await rename(hidden, path)
      done.moved += 1
    } catch (error) {
      if (!(error instanceof Unreadable)) throw error
      done.damaged += 1
    }
  }
  return done
}
