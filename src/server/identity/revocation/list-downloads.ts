import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Logger } from 'pino'
import type { Certificate } from '../certificate.ts'
import { fetchBytes } from './fetch-bytes.ts'
import { parseLists, type RevocationList } from './lists.ts'

const largestList = 64 * 1024 * 1024
const timeoutMs = 30_000

/** Revocation lists fetched from URLs into a directory, where they outlive a restart and an unreachable CA. */
export interface ListDownloads {
  /** The files that there are so far. */
  files(): string[]
  /** Fetches every URL once; one that fails, or answers with what is worth less than what is there, changes nothing. */
  refresh(): Promise<void>
}

export function createListDownloads(deps: {
  urls: readonly string[]
  directory: string
  /** CAs of which one must have signed a list before it is kept. */
  issuers(): Promise<readonly Certificate[]>
  log: Logger
}): ListDownloads {
  const { urls, directory, issuers, log } = deps
  const fileOf = (url: string) =>
    join(directory, `${createHash('sha256').update(url).digest('hex').slice(0, 32)}.crl`)

  async function newest(file: string): Promise<number> {
    if (!existsSync(file)) return 0
    return Math.max(...parseLists(await readFile(file)).map(({ thisUpdate }) => thisUpdate))
  }

  async function refreshOne(url: string, index: number): Promise<void> {
    const file = fileOf(url)
    try {
      const bytes = await fetchBytes(url, { largest: largestList, timeoutMs })
      const lists = parseLists(bytes)
      if (!(await allSigned(lists, await issuers()))) throw new Error('not signed by a known CA')
      // An older list, though still within its own dates, would hide what was revoked since.
      const begun = Math.min(...lists.map(({ thisUpdate }) => thisUpdate))
      if (begun < (await newest(file).catch(() => 0))) throw new Error('older than the one at hand')
      await mkdir(directory, { recursive: true, mode: 0o700 })
      await writeFile(`${file}.new`, bytes, { mode: 0o600, flush: true })
      await rename(`${file}.new`, file)
    } catch (error) {
      const why = error instanceof Error ? error.message : 'unknown'
      log.warn({ url: index, why }, 'revocation list was not fetched')
    }
  }

  return {
    files: () => urls.map(fileOf).filter((file) => existsSync(file)),
    refresh: async () => void (await Promise.all(urls.map(refreshOne))),
  }
}

async function allSigned(
  lists: readonly RevocationList[],
  issuers: readonly Certificate[],
): Promise<boolean> {
  for (const list of lists) {
    const signed = await Promise.all(issuers.map((issuer) => list.isSignedBy(issuer)))
    if (!signed.includes(true)) return false
  }
  return true
}
