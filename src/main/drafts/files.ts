import { createHash } from 'node:crypto'
import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { VigilError } from '../../shared/errors/index.ts'
import type { DraftCipher, LocalDraft } from './cipher.ts'

/** The drafts of one account on this workstation's disk. */
export interface DraftFiles {
  /** Null where there is none. A file that cannot be read is set aside first. @throws VigilError draft-unreadable */
  read(study: string): Promise<LocalDraft | null>
  /** On the disk when it resolves: written beside, flushed, renamed over, directory flushed. */
  write(draft: LocalDraft): Promise<void>
  remove(study: string): Promise<void>
  /** Keeps the present file under another name, where a newer text takes its place. */
  setAside(study: string): Promise<void>
  /** Every readable draft; the others are set aside and counted. */
  all(): Promise<{ drafts: LocalDraft[]; unreadable: number }>
}

export async function openDraftFiles(
  dataDir: string,
  accountId: string,
  cipher: DraftCipher,
): Promise<DraftFiles> {
  const account = createHash('sha256').update(accountId).digest('hex').slice(0, 32)
  const directory = join(dataDir, 'drafts', account)
  await mkdir(directory, { recursive: true, mode: 0o700 })
  const pathOf = (name: string) => join(directory, name)
  const nameOf = (study: string) => cipher.fileName(accountId, study)

  async function readFileNamed(name: string): Promise<LocalDraft | null> {
    const content = await readFile(pathOf(name)).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return null
      throw new VigilError('draft-unreadable', {}, { cause: error })
    })
    if (!content) return null
    try {
      return cipher.open(name, accountId, content)
    } catch (error) {
      await aside(name, 'unreadable')
      throw error
    }
  }

  async function aside(name: string, why: string): Promise<void> {
    const taken = await readdir(directory)
    const count = taken.filter((other) => other.startsWith(name)).length
    await rename(pathOf(name), pathOf(`${name}.${why}-${count}`)).catch(ignoreAbsent)
  }

  return {
    read: (study) => readFileNamed(nameOf(study)),
    async write(draft) {
      const path = pathOf(nameOf(draft.study))
      const beside = `${path}.new`
      const file = await open(beside, 'w', 0o600)
      try {
        await file.writeFile(cipher.seal(draft))
        await file.sync()
      } finally {
        await file.close()
      }
      await rename(beside, path)
      await flushDirectory(directory)
    },
    async remove(study) {
      await rm(pathOf(nameOf(study)), { force: true })
    },
    setAside: (study) => aside(nameOf(study), 'superseded'),
    async all() {
      const names = (await readdir(directory)).filter((name) => name.endsWith('.draft'))
      const read = await Promise.all(names.map((name) => readFileNamed(name).catch(() => null)))
      const drafts = read.filter((draft) => draft !== null)
      return { drafts, unreadable: names.length - drafts.length }
    },
  }
}

/** Makes the rename itself durable; Windows has no such call and needs none. */
async function flushDirectory(directory: string): Promise<void> {
  if (process.platform === 'win32') return
  const handle = await open(directory, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

function ignoreAbsent(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOENT') throw error
}
