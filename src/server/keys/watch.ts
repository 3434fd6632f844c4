import type { Foundation } from '../foundation.ts'
import { knownMaster } from '../protection/index.ts'
import { masterSubject, rotatablePurposes } from './rotate.ts'

/** A rotation that has not gone on for so long has been ended, and is not going on by itself. */
const stalledAfterMs = 10 * 60_000

/**
 * Has a gateway seal under generations that another process made, within `everyMs`, and tells of a rotation that stands still.
 * @returns the function that ends it.
 */
export function watchKeys(
  { keyring, store, alarms, clock, log }: Pick<Foundation, 'keyring' | 'store' | 'alarms' | 'clock' | 'log'>,
  { everyMs = 2000 }: { everyMs?: number } = {},
): () => void {
  /** At the start every alarm of the kind: who raised it may have been another process. */
  const standing = new Set<string>([...rotatablePurposes, masterSubject])
  const raised = new Set<string>()
  let busy = false

  async function look(): Promise<void> {
    const failed = await keyring.refresh().then(
      () => null,
      (error: unknown) => error,
    )
    const open = await store.db
      .selectFrom('key_rotations')
      .select(['purpose', 'moved_at'])
      .where('finished_at', 'is', null)
      .execute()
    const stalled = new Set(
      open.filter(({ moved_at }) => clock() - moved_at > stalledAfterMs).map(({ purpose }) => purpose),
    )
    const master = await knownMaster(store.db)
    const isBehind = master !== null && master.fingerprint !== keyring.wrapping().fingerprint
    if (isBehind) stalled.add(masterSubject)
    else if (failed) throw failed
    for (const purpose of stalled)
      if (!raised.has(purpose)) {
        raised.add(purpose)
        standing.add(purpose)
        await alarms.raise({
          kind: 'key-rotation-stalled',
          severity: 'warning',
          subject: purpose,
          facts: { purpose },
        })
      }
    for (const purpose of standing)
      if (!stalled.has(purpose)) {
        standing.delete(purpose)
        raised.delete(purpose)
        await alarms.clear('key-rotation-stalled', purpose)
      }
  }

  const timer = setInterval(() => {
    if (busy) return
    busy = true
    look()
      .catch((error: unknown) => log.error({ type: (error as Error).name }, 'keys not looked at'))
      .finally(() => {
        busy = false
      })
  }, everyMs).unref()
  return () => clearInterval(timer)
}
