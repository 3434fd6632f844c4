import type { BackupStatus, OffSiteRow } from '../../shared/api/backup.ts'
import type { Progress } from '../../shared/api/protection.ts'
import type { Foundation } from '../foundation.ts'
import { backupRow, catalogue, type KnownBackup } from './catalogue.ts'
import { lagOf } from './off-site.ts'
import { nextAfter } from './schedule.ts'
import { waitingFor } from './send.ts'

/** Shown of each list. */
const mostBackups = 400
const mostDrills = 60

export async function backupStatus(deps: {
  store: Foundation['store']
  config: Foundation['config']
  clock: Foundation['clock']
  under: Pick<BackupStatus, 'running' | 'drilling'>
  sending: ReadonlyMap<string, Progress>
}): Promise<BackupStatus> {
  const { store, config, clock, under } = deps
  const { full, incremental, drill, offSite } = config.backup
  const now = clock()
  const rows = await catalogue.all(store.db)
  const good = await catalogue.good(store.db)
  const copies = await catalogue.copies(store.db)

  async function placeRow({ name, kind }: (typeof offSite)[number]): Promise<OffSiteRow> {
    const there = new Set(copies.filter((copy) => copy.place === name).map(({ id }) => id))
    const waiting: KnownBackup[] = waitingFor(good, there)
    const last = await store.db
      .selectFrom('backup_transfers')
      .select(['outcome', 'error'])
      .where('place', '=', name)
      .where('outcome', '!=', 'running')
      .orderBy('started_at', 'desc')
      .limit(1)
      .executeTakeFirst()
    const whole = await store.db
      .selectFrom('backup_transfers')
      .select('finished_at')
      .where('place', '=', name)
      .where('outcome', '=', 'whole')
      .orderBy('finished_at', 'desc')
      .limit(1)
      .executeTakeFirst()
    return {
      name,
      kind,
      lastTransferAt: whole?.finished_at ?? null,
      lagSeconds: Math.round(lagOf(waiting, now)),
      waitingBytes: waiting.reduce((sum, { bytes }) => sum + bytes, 0),
      sending: deps.sending.get(name) ?? null,
      lastError: last?.outcome === 'failed' ? last.error : null,
      refusedRemovals: (await catalogue.overdue(store.db, name)).filter(({ refusedAt }) => refusedAt !== null)
        .length,
    }
  }

  return {
    schedule: { full, incremental, drill },
    nextFullAt: nextAfter(full, now),
    nextIncrementalAt: nextAfter(incremental, now),
    nextDrillAt: nextAfter(drill, now),
    ...under,
    backups: rows.slice(0, mostBackups).map((row) =>
      backupRow(
        row,
        copies.filter(({ id }) => id === row.id).map(({ place }) => place),
      ),
    ),
    offSite: await Promise.all(offSite.map(placeRow)),
    drills: await catalogue.drills(store.db, mostDrills),
  }
}
