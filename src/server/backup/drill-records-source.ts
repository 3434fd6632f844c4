import { readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import type { DrillRow } from '../../shared/api/backup.ts'
import type { ScrubSource } from '../integrity/index.ts'
import { IntegrityError } from '../protection/index.ts'
import { catalogue } from './catalogue.ts'
import type { BackupContext } from './context.ts'
import { drillFolder, drillLabel, sealedDrill } from './drill.ts'
import { writeDurably } from './write-backup.ts'

/**
 * The filed records of drills, for the scrub: each says what its row says, and is written anew from it where it does not. One that is not
 * there is no damage: they lie beside the backups, where a restored gateway has none of before.
 */
export function drillRecordsSource({ foundation, directory }: BackupContext): ScrubSource {
  const { store, protection } = foundation
  const extension = '.sealed'
  const pathOf = (id: string) => join(directory, drillFolder, `${id}${extension}`)
  const drills = () => catalogue.drills(store.db, Number.MAX_SAFE_INTEGER)

  function faultOf(drill: DrillRow, sealed: Buffer): string | null {
    try {
      const said = protection.openBytes('backup', drillLabel(drill.id), sealed)
      return isDeepStrictEqual(JSON.parse(said.toString('utf8')), drill) ? null : 'changed'
    } catch (error) {
      if (error instanceof IntegrityError) return 'changed'
      throw error
    }
  }

  return {
    name: 'drill',
    total: async () => (await drills()).length,
    async *check() {
      for (const drill of await drills()) {
        const sealed = await readFile(pathOf(drill.id)).catch(() => null)
        if (!sealed) continue
        const fault = faultOf(drill, sealed)
        yield { file: `${drill.id}${extension}`, bytes: sealed.length, fault }
      }
    },
    async restore(file) {
      const drill = (await drills()).find(({ id }) => `${id}${extension}` === file)
      if (!drill) return null
      const path = pathOf(drill.id)
      await rm(`${path}.new`, { force: true })
      await writeDurably(`${path}.new`, sealedDrill(protection, drill))
      await rename(`${path}.new`, path)
      return 'derived'
    },
  }
}
