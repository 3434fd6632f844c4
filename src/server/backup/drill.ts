import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { DrillRow } from '../../shared/api/backup.ts'
import { AuditCheckpoint } from '../../shared/audit/index.ts'
import { type CheckpointFile, openEvidenceSigner } from '../audit/index.ts'
import { catalogue } from './catalogue.ts'
import { type Actor, type BackupContext, backupAct } from './context.ts'
import { BackupRefused, failureCode } from './damaged.ts'
import type { KeySource } from './key-rows.ts'
import type { Attested } from './known-lost.ts'
import type { Sealing } from './manifest.ts'
import { openPlace } from './places/open.ts'
import { type Place, PlaceError } from './places/place.ts'
import { restoreBackup } from './restore.ts'

/** Below the backup directory: each drill's record as a sealed file, so that it outlives the database. */
export const drillFolder = 'drills'
export const drillLabel = (id: string) => `backup/drill/${id}`

/**
 * Restores the newest backup into a place of its own, as somebody would after the loss of the machine: from an off-site place
 * where one has it. Times it, says what would have been lost, and files the record whichever way it went.
 */
export async function runDrill(
  context: BackupContext,
  keys: KeySource,
  deps: { actor: Actor; signal?: AbortSignal; onProgress?: (done: number, total: number) => void },
): Promise<DrillRow> {
  const { foundation, work, directory } = context
  const { store, clock, protection, audit, random, alarms } = foundation
  const startedAt = clock()
  const id = `drill-${new Date(startedAt).toISOString().replace(/[-:.]/g, '')}-${Buffer.from(random(3)).toString('hex')}`
  const source = await newestSource(context)
  const room = await work.open('drill')
  const began = performance.now()
  const outcome = { backupId: '', lossSeconds: 0, checks: [] as DrillRow['checks'] }
  let attested: Attested | null = null
  try {
    const restored = await restoreBackup({
      ...keys,
      place: source,
      to: join(room.path, 'gateway'),
      checkpoints: await shippedCheckpoint(foundation),
      ...(deps.signal ? { signal: deps.signal } : {}),
      ...(deps.onProgress ? { onBytes: deps.onProgress } : {}),
    })
    outcome.backupId = restored.backupId
    outcome.lossSeconds = Math.max(0, (startedAt - restored.coversUntil) / 1000)
    outcome.checks = restored.checks
    attested = restored.attested
    for (const passed of restored.passedOver)
      outcome.checks.push({ name: 'passed-over', passed: false, figure: passed.id })
  } catch (error) {
    if (deps.signal?.aborted) throw new BackupRefused('interrupted')
    const code = error instanceof PlaceError ? error.code : failureCode(error)
    outcome.checks = [{ name: 'restore', passed: false, figure: code }]
  } finally {
    await source.close()
    await room.close()
  }
  const drill: DrillRow = {
    id,
    startedAt,
    finishedAt: clock(),
    source: source.name,
    ...outcome,
    outcome: outcome.checks.every(({ passed }) => passed) ? 'passed' : 'failed',
    restoreSeconds: Math.round(performance.now() - began) / 1000,
  }
  await mkdir(join(directory, drillFolder), { recursive: true, mode: 0o700 })
  await writeFile(join(directory, drillFolder, `${id}.sealed`), sealedDrill(protection, drill), {
    mode: 0o600,
    flag: 'wx',
    flush: true,
  })
  await store.transaction(async (trx) => {
    await catalogue.drilled(trx, drill)
    const { restoreSeconds, lossSeconds } = drill
    const detail = {
      source: drill.source,
      restoreSeconds,
      lossSeconds,
      drill: id,
      ...(attested ? { checkpoint: attested } : {}),
    }
    const result = drill.outcome === 'passed' ? 'success' : 'failed'
    await audit.append(trx, backupAct('backup.drilled', drill.backupId, deps.actor, detail, result))
  })
  const failed = drill.checks.find(({ passed }) => !passed)
  if (failed) {
    const facts = { code: failed.name, since: startedAt }
    await alarms.raise({ kind: 'drill-failed', severity: 'serious', facts })
  } else await alarms.clear('drill-failed')
  return drill
}

export const sealedDrill = (protection: Sealing, drill: DrillRow): Buffer =>
  protection.sealBytes('backup', drillLabel(drill.id), Buffer.from(JSON.stringify(drill), 'utf8'))

/** Where the newest backup lies, off-site before here. */
async function newestSource({ foundation, local }: BackupContext): Promise<Place> {
  const { store, clock, config } = foundation
  const copies = await catalogue.copies(store.db)
  for (const { id } of await catalogue.good(store.db)) {
    const place = config.backup.offSite.find(({ name }) =>
      copies.some((c) => c.id === id && c.place === name),
    )
    if (place) return openPlace(place, { clock })
  }
  return local
}

/** The newest that is known to have left this machine; none where none has. */
async function shippedCheckpoint(foundation: BackupContext['foundation']): Promise<CheckpointFile[]> {
  const row = await foundation.store.db
    .selectFrom('audit_checkpoints')
    .innerJoin('audit_checkpoints_shipped', 'audit_checkpoints_shipped.seq', 'audit_checkpoints.seq')
    .select('statement')
    .orderBy('audit_checkpoints.seq', 'desc')
    .limit(1)
    .executeTakeFirst()
  if (!row) return []
  const { certificatePem: certificate } = await openEvidenceSigner(foundation)
  return [{ ...AuditCheckpoint.parse(JSON.parse(row.statement)), certificate }]
}
