import { readdir } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'
import type { GatewayConfig } from '../config/index.ts'
import type { DataDirectory } from '../data-directory/index.ts'

/** What the gateway itself writes into a folder of DICOM files; the rest there is the hospital's, and backed up as such. */
const ownArchiveFolder = 'vigil-objects'

/**
 * Files of the data directory that a backup holds beside the database, as paths below it with `/`: all but the master key
 * (and the PIN of a security module, where it lies here), what is made anew, what is unfinished, and studies that others put
 * into an archive folder.
 */
export async function sourceFiles(
  paths: DataDirectory,
  config: GatewayConfig,
  own: { backups: string; work: string },
): Promise<string[]> {
  const skipped = new Set([
    paths.masterKey,
    ...secretsOf(config),
    paths.instanceLock,
    ...['', '-wal', '-shm', '-journal'].flatMap((end) =>
      [paths.database, paths.instanceLock].map((f) => f + end),
    ),
    own.backups,
    own.work,
    ...config.backup.offSite.flatMap((place) => (place.kind === 'directory' ? [place.path] : [])),
  ])
  const archive = config.archive.kind === 'folder' ? config.archive.path : null
  const found: string[] = []

  async function walk(directory: string): Promise<void> {
    for (const entry of await readdir(directory, { withFileTypes: true })) {
      const path = join(directory, entry.name)
      if (skipped.has(path) || isUnfinished(entry.name)) continue
      if (archive !== null && directory === archive && entry.name !== ownArchiveFolder) continue
      // A link may lead anywhere; what it leads to is not ours.
      if (entry.isDirectory()) await walk(path)
      else if (entry.isFile()) found.push(relative(paths.root, path).split(sep).join('/'))
    }
  }
  await walk(paths.root)
  return found.sort()
}

function secretsOf({ masterKey }: GatewayConfig): string[] {
  if (masterKey.kind === 'file') return masterKey.path ? [masterKey.path] : []
  return masterKey.kind === 'pkcs11' ? [masterKey.pinFile] : []
}

const isUnfinished = (name: string) => name.startsWith('.') || name.endsWith('.new') || name.endsWith('.tmp')

/** Files and folders that the configuration names outside the data directory: no backup has them. */
export function outsideFiles({ replies, backup, ...config }: GatewayConfig, root: string): string[] {
  // The path of an address, or on another machine, is none of this one's.
  const listeners = replies.http.map(({ path: _, ...listener }) => listener)
  const places = backup.offSite.map((place) =>
    place.kind === 'sftp' ? place.keyFile : { ...place, prefix: '' },
  )
  return [...new Set(absolutePaths([config, listeners, replies.mllp, backup.directory, places]))]
    .filter((path) => path !== root && !path.startsWith(root + sep))
    .sort()
}

function absolutePaths(value: unknown): string[] {
  if (typeof value === 'string') return value.startsWith('/') ? [value] : []
  if (value === null || typeof value !== 'object') return []
  return Object.values(value).flatMap(absolutePaths)
}
