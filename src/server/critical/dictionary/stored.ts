import type { CriticalDictionary } from '../../../shared/critical/model.ts'
import type { Foundation } from '../../foundation.ts'
import { createVersionRows } from './version-rows.ts'

/** The dictionary that was published last; null where no gateway has run yet. @throws IntegrityError where it was changed. */
export async function storedDictionary({
  store,
  protection,
}: Pick<Foundation, 'store' | 'protection'>): Promise<CriticalDictionary | null> {
  const newest = await createVersionRows({ store, protection }).newestPublished(store.db)
  return newest && { version: newest.version, ...newest.content }
}
