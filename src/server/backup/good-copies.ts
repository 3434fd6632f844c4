import { chmod } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'
import type { KeptCopy, OpenedCopy } from '../integrity/index.ts'
import { catalogue } from './catalogue.ts'
import type { BackupContext } from './context.ts'
import { BackupDamaged } from './damaged.ts'
import { databasePath } from './layout.ts'
import type { Manifest } from './manifest.ts'
import { openPlace } from './places/open.ts'
import type { Place } from './places/place.ts'
import { readChain, readManifest, rebuildFiles } from './read-backup.ts'
import { sendCode } from './send.ts'
import { markDamaged } from './upkeep.ts'

/**
 * Copies that backups hold of a file (its absolute path; of the database where none is given), the newest first: of each good backup here, and, where one is not here
 * or not good any more, of its off-site copies. A copy is rebuilt, and proven, when it is opened; a backup that turns out damaged is marked
 * so and passed over. Contents that were opened once are not opened again under an older backup's name.
 */
export async function copiesOf(context: BackupContext, ofFile?: string): Promise<KeptCopy[]> {
  const { store, clock, config } = context.foundation
  const path = ofFile === undefined ? databasePath : relative(context.paths.root, ofFile).split(sep).join('/')
  // What lies elsewhere is in no backup.
  if (path.startsWith('../')) return []
  const seen = new Set<string>()
  const copies: KeptCopy[] = (await catalogue.good(store.db)).map(({ id }) => ({
    backupId: id,
    place: 'local',
    open: () => opened(context, context.local, id, path, seen),
  }))
  const wanted = await catalogue.copies(store.db)
  for (const place of config.backup.offSite)
    for (const { id } of wanted.filter((copy) => copy.place === place.name))
      copies.push({
        backupId: id,
        place: place.name,
        async open() {
          const away = openPlace(place, { clock })
          try {
            return await opened(context, away, id, path, seen)
          } finally {
            await away.close()
          }
        },
      })
  // Ids begin with their time. What is here comes before its copies elsewhere: the order is kept otherwise.
  return copies.sort((a, b) => (a.backupId < b.backupId ? 1 : a.backupId > b.backupId ? -1 : 0))
}

/** Of the newest good backup; null where there is none. */
export async function newestManifest({ foundation, local }: BackupContext): Promise<Manifest | null> {
  for (const { id } of await catalogue.good(foundation.store.db))
    try {
      return await readManifest(local, id, foundation.protection)
    } catch (error) {
      if (!(error instanceof BackupDamaged)) throw error
    }
  return null
}

/** Files below a directory that the newest good backup has; absolute paths. None where there is no good backup. */
export async function filesBelow(context: BackupContext, directory: string): Promise<string[]> {
  const { files = [] } = (await newestManifest(context)) ?? {}
  return files
    .map(({ path }) => join(context.paths.root, path))
    .filter((file) => file.startsWith(directory + sep))
}

async function opened(
  context: BackupContext,
  place: Place,
  id: string,
  path: string,
  seen: Set<string>,
): Promise<OpenedCopy | null> {
  const { foundation, local, work } = context
  const { protection, log } = foundation
  const room = await work.open('copy')
  try {
    const manifest = await readManifest(place, id, protection)
    const wanted = manifest.files.find((file) => file.path === path)
    if (wanted && !seen.has(wanted.sha256)) {
      const chain = await readChain(place, manifest, protection)
      await rebuildFiles(chain, room.path, { place, opening: protection }, (one) => one === path)
      seen.add(wanted.sha256)
      const file = join(room.path, path)
      await chmod(file, 0o600)
      return { file, close: room.close }
    }
  } catch (error) {
    await room.close()
    if (place === local && error instanceof BackupDamaged) await markDamaged(context, error)
    else log.warn({ backup: id, place: place.name, code: sendCode(error) }, 'copy of a backup not readable')
    return null
  }
  await room.close()
  return null
}
