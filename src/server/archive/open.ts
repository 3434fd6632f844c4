import { open as openFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { Logger } from 'pino'
import type { Clock } from '../../shared/time/clock.ts'
import type { GatewayConfig } from '../config/index.ts'
import { refuseWiderThanOwner } from '../protection/index.ts'
import { openDicomwebArchive } from './dicomweb/archive.ts'
import { openFolderArchive } from './folder/archive.ts'
import type { IndexTimes } from './folder/index-keeper.ts'
import type { ObjectProtection } from './folder/own-objects.ts'
import { createFrameBytes } from './frame-bytes.ts'
import { createFrameCache } from './frame-cache.ts'
import type { Archive } from './index.ts'
import { createOpenStudies } from './open-studies.ts'
import { createPrefetch, type PriorsOf } from './prefetch.ts'

export interface ArchiveParts {
  /** Relative paths of the configuration are below it. */
  dataDir: string
  clock: Clock
  log: Logger
  /** Encrypts what is stored in a folder; a PACS keeps its objects its own way. */
  protection: ObjectProtection
  /** How often a PACS is asked for what is new; 30 s. */
  pollMs?: number
  /** Whose pixels are got ahead once those of the study that was opened are here. */
  priorsOf?: PriorsOf
  /** For the folder: how soon and how often it is looked at. */
  folderTimes?: Partial<IndexTimes>
}

/**
 * Opens the archive that the configuration names. A folder is indexed before this returns; a PACS need not be up.
 * @throws VigilError `archive-unavailable` when the folder cannot be listed
 * @throws Error naming the file when the PACS password's file is readable by others
 */
export async function createArchive(config: GatewayConfig['archive'], parts: ArchiveParts): Promise<Archive> {
  const { dataDir, clock, log, protection, pollMs = 30_000, folderTimes, priorsOf } = parts
  if (config.kind === 'folder') {
    const path = resolve(dataDir, config.path)
    return openFolderArchive(path, { clock, log, protection, ...(folderTimes ? { times: folderTimes } : {}) })
  }
  const password = config.passwordFile ? await readPassword(resolve(dataDir, config.passwordFile)) : ''
  const memory = createFrameBytes()
  const pacs = openDicomwebArchive({
    memory,
    url: baseOf(config.url),
    authorization: config.username === undefined ? null : basic(config.username, password),
    timeoutMs: config.timeoutSeconds * 1000,
    pollMs,
    clock,
    log,
  })
  // A folder needs neither: the operating system keeps its files in memory.
  const open = createOpenStudies(clock)
  const cached = createFrameCache(pacs, { maxBytes: config.memoryMiB * 2 ** 20, memory, isOpen: open.isOpen })
  return createPrefetch(cached, { open, clock, priorsOf })
}

/** A password in the URL would end up in listings and logs; it has its own file. */
function baseOf(url: string): string {
  const base = new URL(url)
  if (base.protocol !== 'http:' && base.protocol !== 'https:')
    throw new Error('archive.url: must be http or https')
  if (base.username !== '' || base.password !== '') throw new Error('archive.url: must not hold a password')
  base.search = ''
  base.hash = ''
  return base.href
}

/** RFC 7617, in UTF-8. */
const basic = (username: string, password: string) =>
  `Basic ${Buffer.from(`${username}:${password}`, 'utf8').toString('base64')}`

async function readPassword(file: string): Promise<string> {
  const handle = await openFile(file, 'r')
  try {
    refuseWiderThanOwner(file, await handle.stat())
    return (await handle.readFile('utf8')).replace(/\r?\n$/, '')
  } finally {
    await handle.close()
  }
}
