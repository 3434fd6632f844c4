import { readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { mostTokenFailures, TokenFailure } from '../../shared/api/index.ts'
import type { Log } from '../log.ts'

const Content = z.array(TokenFailure).max(mostTokenFailures)

/** `token-failures.json` in `dataDir`: codes, times and certificate hashes, there only while something waits. */
export interface TokenFailureFile {
  /** What the file held when it was opened; nothing where it is not ours to read. */
  readonly left: TokenFailure[]
  /** Has the file hold these in a moment. A disk that fails is logged: the failures then live in memory only. */
  save(failures: readonly TokenFailure[]): void
  /** When what was saved last is on the disk. */
  settled(): Promise<void>
}

export async function openTokenFailureFile(dataDir: string, log: Log): Promise<TokenFailureFile> {
  const path = join(dataDir, 'token-failures.json')
  let last = Promise.resolve()

  async function read(): Promise<TokenFailure[]> {
    try {
      return Content.parse(JSON.parse(await readFile(path, 'utf8')))
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') log.failure('token-failures-file', error)
      return []
    }
  }

  async function write(failures: string | null): Promise<void> {
    if (failures === null) return rm(path, { force: true })
    await writeFile(`${path}.new`, failures, { mode: 0o600, flush: true })
    await rename(`${path}.new`, path)
  }

  return {
    left: await read(),
    save(failures) {
      const content = failures.length > 0 ? JSON.stringify(failures) : null
      last = last
        .then(() => write(content))
        .catch((error: unknown) => log.failure('token-failures-file', error))
    },
    settled: () => last,
  }
}
