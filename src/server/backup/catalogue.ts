import type { Insertable, Selectable, Updateable } from 'kysely'
import { BackupRow, DrillRow } from '../../shared/api/backup.ts'
import type { Queries, Schema } from '../store/index.ts'

export type KnownBackup = Selectable<Schema['backups']>

/** What the database knows of backups. It can be lost with the machine: the manifests say all that a restore needs. */
export const catalogue = {
  all: (db: Queries): Promise<KnownBackup[]> =>
    db.selectFrom('backups').selectAll().orderBy('started_at', 'desc').execute(),

  /** Good ones, newest first. */
  good: (db: Queries): Promise<KnownBackup[]> =>
    db
      .selectFrom('backups')
      .selectAll()
      .where('state', '=', 'good')
      .orderBy('covers_until', 'desc')
      .execute(),

  /** Those that the retention decides on: good ones, and what other machines left at the off-site places. Newest first. */
  kept: (db: Queries): Promise<KnownBackup[]> =>
    db
      .selectFrom('backups')
      .selectAll()
      .where('state', 'in', ['good', 'elsewhere'])
      .orderBy('covers_until', 'desc')
      .execute(),

  async put(db: Queries, row: Insertable<Schema['backups']>): Promise<void> {
    const { id: _, ...rest } = row
    await db
      .insertInto('backups')
      .values(row)
      .onConflict((conflict) => conflict.column('id').doUpdateSet(rest))
      .execute()
  },

  async change(db: Queries, id: string, change: Updateable<Schema['backups']>): Promise<void> {
    await db.updateTable('backups').set(change).where('id', '=', id).execute()
  },

  /** Ids that a place has whole. */
  async copies(db: Queries, place?: string): Promise<{ id: string; place: string }[]> {
    const rows = await db
      .selectFrom('backup_copies')
      .select(['backup_id as id', 'place'])
      .where('removed_at', 'is', null)
      .execute()
    return place === undefined ? rows : rows.filter((row) => row.place === place)
  },

  async copied(db: Queries, id: string, place: string, at: number): Promise<void> {
    const row = { backup_id: id, place, whole_at: at, removed_at: null, refused_at: null }
    await db
      .insertInto('backup_copies')
      .values(row)
      .onConflict((conflict) => conflict.columns(['backup_id', 'place']).doUpdateSet(row))
      .execute()
  },

  /** What the retention has let go and a place still has. `refused_at`: when it last refused to give it up. */
  async overdue(db: Queries, place: string): Promise<{ id: string; refusedAt: number | null }[]> {
    return db
      .selectFrom('backup_copies')
      .innerJoin('backups', 'backups.id', 'backup_copies.backup_id')
      .select(['backup_id as id', 'refused_at as refusedAt'])
      .where('place', '=', place)
      .where('removed_at', 'is', null)
      .where('state', '=', 'removed')
      .orderBy('backup_id')
      .execute()
  },

  async copyRefused(db: Queries, id: string, place: string, at: number): Promise<void> {
    await db
      .updateTable('backup_copies')
      .set({ refused_at: at })
      .where('backup_id', '=', id)
      .where('place', '=', place)
      .execute()
  },

  async copyRemoved(db: Queries, id: string, place: string, at: number): Promise<void> {
    await db
      .updateTable('backup_copies')
      .set({ removed_at: at })
      .where('backup_id', '=', id)
      .where('place', '=', place)
      .execute()
  },

  async drilled(db: Queries, drill: DrillRow): Promise<void> {
    await db
      .insertInto('backup_drills')
      .values({
        id: drill.id,
        started_at: drill.startedAt,
        finished_at: drill.finishedAt,
        backup_id: drill.backupId,
        source: drill.source,
        outcome: drill.outcome,
        restore_seconds: drill.restoreSeconds,
        loss_seconds: drill.lossSeconds,
        checks: JSON.stringify(drill.checks),
      })
      .execute()
  },

  async drills(db: Queries, most: number): Promise<DrillRow[]> {
    const rows = await db
      .selectFrom('backup_drills')
      .selectAll()
      .orderBy('started_at', 'desc')
      .limit(most)
      .execute()
    return rows.map((row) =>
      DrillRow.parse({
        id: row.id,
        startedAt: row.started_at,
        finishedAt: row.finished_at,
        backupId: row.backup_id,
        source: row.source,
        outcome: row.outcome,
        restoreSeconds: row.restore_seconds,
        lossSeconds: row.loss_seconds,
        checks: JSON.parse(row.checks),
      }),
    )
  },
}

export function backupRow(row: KnownBackup, offSite: readonly string[]): BackupRow {
  return BackupRow.parse({
    id: row.id,
    kind: row.kind,
    startedAt: row.started_at,
    finishedAt: row.finished_at,
    coversUntil: row.covers_until,
    bytes: row.bytes,
    state: row.state,
    verifiedAt: row.verified_at,
    error: row.error,
    offSite: [...offSite],
  })
}
