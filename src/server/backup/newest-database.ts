import { chmod } from 'node:fs/promises'
import { join } from 'node:path'
import { catalogue } from './catalogue.ts'
import type { BackupContext } from './context.ts'
import { BackupDamaged } from './damaged.ts'
import { databasePath } from './layout.ts'
import { readChain, readManifest, rebuildFiles } from './read-backup.ts'
import { markDamaged } from './upkeep.ts'

export interface BackupDatabase {
  backupId: string
  coversUntil: number
  /** The database as it was, in a place that only the gateway's user can read. To be opened read-only. */
  file: string
  /** Takes it away. */
  close(): Promise<void>
}

/** The database of the newest backup that is whole; null where there is none. One that turns out damaged is marked and passed over. */
export async function openNewestDatabase(context: BackupContext): Promise<BackupDatabase | null> {
  const { foundation, local, work } = context
  const { store, protection } = foundation
  for (const { id } of await catalogue.good(store.db)) {
    const room = await work.open('newest')
    try {
      const manifest = await readManifest(local, id, protection)
      const chain = await readChain(local, manifest, protection)
      await rebuildFiles(
        chain,
        room.path,
        { place: local, opening: protection },
        (path) => path === databasePath,
      )
      const file = join(room.path, databasePath)
      await chmod(file, 0o600)
      return { backupId: id, coversUntil: manifest.coversUntil, file, close: room.close }
    } catch (error) {
      await room.close()
      if (!(error instanceof BackupDamaged)) throw error
      await markDamaged(context, error)
    }
  }
  return null
}
