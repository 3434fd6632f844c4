import type { BackupKind, BackupStatus, DrillRow } from '../../shared/api/backup.ts'
import type { Progress } from '../../shared/api/protection.ts'
import { VigilError } from '../../shared/errors/index.ts'
import type { DataDirectory } from '../data-directory/index.ts'
import type { Foundation } from '../foundation.ts'
import type { KeptCopy, ScrubSource } from '../integrity/index.ts'
import { masterKeySource } from '../protection/index.ts'
import { type Actor, backupContext } from './context.ts'
import { BackupDamaged, BackupRefused, failureCode } from './damaged.ts'
import { runDrill } from './drill.ts'
import { drillRecordsSource } from './drill-records-source.ts'
import { copiesOf, filesBelow } from './good-copies.ts'
import type { KeySource } from './key-rows.ts'
import { makeBackup } from './make-backup.ts'
import { createOffSite } from './off-site.ts'
import { keptBackupsSource } from './scrub-source.ts'
import { backupStatus } from './status.ts'
import { unchangedFilesSource } from './unchanged-files.ts'
import { alignCatalogue, checkKept, markDamaged, removeOld, verifyBackup } from './upkeep.ts'

/** Backups of one gateway: made, proven, sent, kept, tried out. For the gateway, and for the CLI beside it. */
export interface Backups {
  /** @returns its id. @throws VigilError `conflict` where one is being made; whatever it failed of, recorded and alarmed. */
  run(kind: BackupKind, actor: Actor): Promise<string>
  /** @throws BackupDamaged */
  verify(id: string, actor: Actor): Promise<{ bytes: number; rows: number }>
  /** @throws VigilError `conflict` where one runs; `not-found` where there is no backup. */
  drill(actor: Actor): Promise<DrillRow>
  /** Sends what waits to every place; a place that fails is alarmed once it is too far behind. */
  send(): Promise<void>
  removeOld(): Promise<void>
  checkKept(): Promise<number>
  /** See `alignCatalogue`; nothing while another process makes a backup. */
  align(): Promise<void>
  /** Copies of a file (its absolute path), newest first; of the database where none is given. */
  copiesOf(file?: string): Promise<KeptCopy[]>
  /** Files (absolute paths) below a directory that the newest good backup has. */
  filesBelow(directory: string): Promise<string[]>
  /** Files of the data directory that nobody wrote to since the newest backup, for the scrub; but those that others look at. */
  unchangedSource(except: (file: string) => boolean): ScrubSource
  /** Every file of every backup that is kept, and the records of drills, for the scrub. */
  keptSources: readonly ScrubSource[]
  status(): Promise<BackupStatus>
  /** Gives up what is under way, and waits until it has ended. */
  stop(): Promise<void>
}

export function createBackups(
  foundation: Foundation,
  deps: { paths: DataDirectory; env?: NodeJS.ProcessEnv },
): Backups {
  const context = backupContext(foundation, deps.paths)
  const { alarms, clock, random, config, store, log } = foundation
  const stopping = new AbortController()
  const { signal } = stopping
  const offSite = createOffSite(context, signal)
  const under: { running: BackupStatus['running']; drilling: Progress | null } = {
    running: null,
    drilling: null,
  }
  const works = new Set<Promise<unknown>>()

  /** Work that `stop` waits for. */
  function counted<T>(work: Promise<T>): Promise<T> {
    works.add(work)
    const done = () => works.delete(work)
    work.then(done, done)
    return work
  }

  const keys: KeySource = {
    clock,
    random,
    masterKey: (db) => {
      // A variable is taken out of the environment once; the others are read anew, which proves that they can be.
      if (config.masterKey.kind === 'environment' && foundation.readMasterKey)
        return foundation.readMasterKey()
      const source = { db, file: deps.paths.masterKey, env: deps.env ?? process.env, clock, random }
      return masterKeySource(config.masterKey, source).read()
    },
  }

  async function run(kind: BackupKind, actor: Actor): Promise<string> {
    if (under.running) throw new VigilError('conflict', { field: 'backup' })
    const startedAt = clock()
    under.running = { kind, progress: { done: 0, total: 0, startedAt } }
    const onProgress = (done: number, total: number) => {
      under.running = { kind, progress: { done, total, startedAt } }
    }
    try {
      const id = await makeSound(kind, { actor, signal, onProgress })
      await alarms.clear('backup-failed')
      // What vanished cannot come back; a full one stands on nothing of it.
      if (kind === 'full') await alarms.clear('backup-damaged', 'missing')
      return id
    } catch (error) {
      if (error instanceof BackupRefused && error.code === 'conflict')
        throw new VigilError('conflict', { field: 'backup' }, { cause: error })
      const code = failureCode(error)
      log.error({ kind, code }, 'backup failed')
      if (!signal.aborted)
        await alarms.raise({
          kind: 'backup-failed',
          severity: 'serious',
          facts: { kind, code, since: startedAt },
        })
      throw error
    } finally {
      under.running = null
    }
  }

  /** What an incremental stands on may turn out damaged: it is marked, and a full one made in its place. */
  async function makeSound(kind: BackupKind, how: Parameters<typeof makeBackup>[2]): Promise<string> {
    try {
      return await makeBackup(context, kind, how)
    } catch (error) {
      if (!(error instanceof BackupDamaged) || kind === 'full') throw error
      await markDamaged(context, error)
      return await makeBackup(context, 'full', how)
    }
  }

  async function drill(actor: Actor): Promise<DrillRow> {
    if (under.drilling) throw new VigilError('conflict', { field: 'drill' })
    const startedAt = clock()
    under.drilling = { done: 0, total: 0, startedAt }
    const onProgress = (done: number, total: number) => {
      under.drilling = { done, total, startedAt }
    }
    try {
      return await runDrill(context, keys, { actor, signal, onProgress })
    } finally {
      under.drilling = null
    }
  }

  async function unlessWriting(work: () => Promise<unknown>): Promise<void> {
    try {
      await work()
    } catch (error) {
      if (!(error instanceof BackupRefused && error.code === 'conflict')) throw error
    }
  }

  return {
    run: (kind, actor) => counted(run(kind, actor)),
    verify: (id, actor) => counted(verifyBackup(context, id, { actor, signal })),
    drill: (actor) => counted(drill(actor)),
    send: () => counted(offSite.send()),
    removeOld: () => counted(unlessWriting(() => removeOld(context))),
    checkKept: () => counted(checkKept(context, signal)),
    align: () => counted(unlessWriting(() => alignCatalogue(context))),
    copiesOf: (file) => copiesOf(context, file),
    filesBelow: (directory) => filesBelow(context, directory),
    unchangedSource: (except) => unchangedFilesSource(context, except),
    keptSources: [keptBackupsSource(context), drillRecordsSource(context)],
    status: () => backupStatus({ store, config, clock, under, sending: offSite.sending }),
    async stop() {
      stopping.abort(new BackupRefused('interrupted'))
      while (works.size > 0) await Promise.allSettled([...works])
    },
  }
}
