import type { Progress } from '../../shared/api/protection.ts'
import { catalogue } from './catalogue.ts'
import type { BackupContext } from './context.ts'
import { BackupDamaged } from './damaged.ts'
import { openPlace, type PlaceConfig } from './places/open.ts'
import { PlaceError } from './places/place.ts'
import { removeCopies, sendBackup, sendCode, waitingFor } from './send.ts'
import { markDamaged } from './upkeep.ts'

/** Keeps the off-site places up to date; each by itself, so that one that stands still holds up no other. */
export function createOffSite(context: BackupContext, signal: AbortSignal) {
  const { store, alarms, clock, config, log } = context.foundation
  const sending = new Map<string, Progress>()
  const busy = new Map<string, Promise<void>>()

  async function waiting(config: PlaceConfig) {
    const there = new Set((await catalogue.copies(store.db, config.name)).map(({ id }) => id))
    return waitingFor(await catalogue.good(store.db), there)
  }

  async function sendTo(config: PlaceConfig): Promise<void> {
    const place = openPlace(config, { clock })
    let code = ''
    /** What the place has wrong and does not give up, and what stands on it: the others are sent all the same. */
    const stuck = new Set<string>()
    try {
      for (const { id, parent } of await waiting(config)) {
        if (signal.aborted) return
        const onProgress = (progress: Progress) => void sending.set(config.name, progress)
        try {
          if (parent !== null && stuck.has(parent)) stuck.add(id)
          else await sendBackup(context, id, config, { place, signal, onProgress })
        } catch (error) {
          if (!(error instanceof PlaceError && error.code === 'differs')) throw error
          code = error.code
          stuck.add(id)
        }
      }
      await removeCopies(context, config, place)
    } catch (error) {
      if (signal.aborted) return
      code = sendCode(error)
      log.warn({ place: config.name, code }, 'backup not sent')
      if (error instanceof BackupDamaged) await markDamaged(context, error)
    } finally {
      sending.delete(config.name)
      await place.close()
    }
    await watchLag(config, code)
  }

  async function watchLag(config: PlaceConfig, code: string): Promise<void> {
    const lagSeconds = lagOf(await waiting(config), clock())
    if (lagSeconds <= config.mostLagMinutes * 60) return alarms.clear('off-site-lag', config.name)
    const facts = { code: code || 'slow', lagSeconds: Math.round(lagSeconds) }
    await alarms.raise({ kind: 'off-site-lag', severity: 'serious', subject: config.name, facts })
  }

  return {
    sending,
    async send(): Promise<void> {
      await Promise.all(
        config.backup.offSite.map((place) => {
          const current = busy.get(place.name)
          // Under way already: what it does not take along is taken next time; its lag is watched all the same.
          if (current) return watchLag(place, '')
          const work = sendTo(place).finally(() => busy.delete(place.name))
          busy.set(place.name, work)
          return work
        }),
      )
    },
  }
}

/** Seconds that the oldest of what waits has waited. */
export function lagOf(waiting: readonly { finished_at: number | null }[], now: number): number {
  const finished = waiting.map((row) => row.finished_at ?? now)
  return finished.length === 0 ? 0 : Math.max(0, (now - Math.min(...finished)) / 1000)
}
