import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { Command, InvalidArgumentError } from 'commander'
import type { BackupRow, DrillRow } from '../../shared/api/backup.ts'
import { VigilError } from '../../shared/errors/index.ts'
import {
  type Backups,
  createBackups,
  directoryPlace,
  openPlace,
  type Place,
  restoreBackup,
} from '../backup/index.ts'
import { type GatewayConfig, readConfig } from '../config/index.ts'
import { dataDirectory } from '../data-directory/index.ts'
import { masterKeySource, readMasterKey } from '../protection/index.ts'
import { cliActor } from './actor.ts'
import { withFoundation } from './with-foundation.ts'

const dirOption = ['--dir <directory>', 'the data directory'] as const

export function backupCommand(): Command {
  const backup = new Command('backup').description('backups: made, listed, proven, restored, tried out')
  backup
    .command('run')
    .description('make a backup now, beside a running gateway too, and send it to the off-site places')
    .requiredOption(...dirOption)
    .option('--full', 'a full one; else what changed since the last')
    .action(run)
  backup
    .command('list')
    .description('the backups, where their copies are, and the off-site places')
    .requiredOption(...dirOption)
    .action(list)
  backup
    .command('verify [id]')
    .description('read back and rebuild one backup, or the newest; nothing of the gateway is changed')
    .requiredOption(...dirOption)
    .action(verify)
  backup
    .command('restore')
    .description('restore a gateway into a new directory, and check it')
    .requiredOption('--to <directory>', 'a directory that does not exist')
    .option('--at <time>', 'as it was at this time (2026-11-23T14:30, local); else the newest', readTime)
    .option(
      '--dir <directory>',
      'the data directory, where it is still there: its backups, places and master key',
    )
    .option('--from <name>', 'from this off-site place of the configuration')
    .option('--source <directory>', 'from a directory that backups, or copies of them, lie in')
    .option('--config <file>', 'a vigil.yaml that names the off-site place and the master key')
    .option('--master-key <file>', 'the master key, where the data directory is lost')
    .action(restore)
  backup
    .command('drill')
    .description('restore the newest backup into a place of its own, check it, time it, and file the record')
    .requiredOption(...dirOption)
    .option('--list', 'only print the records')
    .action(drill)
  return backup
}

function withBackups<T>(dir: string, work: (backups: Backups) => Promise<T>): Promise<T> {
  return withFoundation(dir, async (foundation, paths) => {
    const backups = createBackups(foundation, { paths })
    try {
      return await work(backups)
    } catch (error) {
      if (error instanceof VigilError && error.code === 'conflict')
        throw new Error('a backup, or a drill, is under way already')
      throw error
    } finally {
      await backups.stop()
    }
  })
}

async function run({ dir, full }: { dir: string; full?: boolean }): Promise<void> {
  await withBackups(dir, async (backups) => {
    await backups.align()
    const id = await backups.run(full ? 'full' : 'incremental', cliActor())
    const made = (await backups.status()).backups.find((row) => row.id === id)
    if (made) console.log(described(made))
    await backups.removeOld()
    await backups.send()
    await printPlaces(backups)
  })
}

async function list({ dir }: { dir: string }): Promise<void> {
  await withBackups(dir, async (backups) => {
    await backups.align()
    for (const row of (await backups.status()).backups) console.log(described(row))
    await printPlaces(backups)
  })
}

async function printPlaces(backups: Backups): Promise<void> {
  for (const place of (await backups.status()).offSite) {
    const waits =
      place.waitingBytes > 0
        ? `${mebibytes(place.waitingBytes)} wait, ${place.lagSeconds} s behind`
        : 'has everything'
    console.log(
      `${place.name} (${place.kind}): ${waits}${place.lastError ? `; last attempt: ${place.lastError}` : ''}`,
    )
    if (place.lastError) process.exitCode = 1
  }
}

async function verify(id: string | undefined, { dir }: { dir: string }): Promise<void> {
  await withBackups(dir, async (backups) => {
    await backups.align()
    const wanted = id ?? (await backups.status()).backups.find(({ state }) => state === 'good')?.id
    if (!wanted) throw new Error('there is no good backup')
    const { bytes, rows } = await backups.verify(wanted, cliActor())
    console.log(`${wanted}: whole (${mebibytes(bytes)} read back, ${rows} rows rebuilt)`)
  })
}

interface RestoreOptions {
  to: string
  at?: number
  dir?: string
  from?: string
  source?: string
  config?: string
  masterKey?: string
}

async function restore(options: RestoreOptions): Promise<void> {
  const { place, config, masterKeyFile } = await sourceOf(options)
  const began = performance.now()
  let kept: Buffer | undefined
  const isFile = config?.masterKey.kind === 'file' || config === null
  const file = masterKeyFile ?? (config?.masterKey.kind === 'file' ? config.masterKey.path : undefined)
  if (isFile && !file)
    throw new Error('--master-key: names no file, and there is no data directory to take it from')
  try {
    const restored = await restoreBackup({
      place,
      to: options.to,
      ...(options.at === undefined ? {} : { at: options.at }),
      clock: Date.now,
      random: randomBytes,
      async masterKey(db) {
        if (isFile && file) return readMasterKey(file)
        const source = { db, file: '', env: process.env, clock: Date.now, random: randomBytes }
        // A variable is taken out of the environment by the first who reads it.
        kept ??= await masterKeySource(config?.masterKey ?? { kind: 'file' }, source).read()
        return Buffer.from(kept)
      },
      ...(isFile && file ? { masterKeyText: await readFile(file, 'utf8') } : {}),
      actor: cliActor(),
      onBytes: progressLine(),
    })
    const seconds = ((performance.now() - began) / 1000).toFixed(1)
    for (const { id, why } of restored.passedOver) console.log(`passed over ${id}: ${why}`)
    console.log(
      `${restored.files} files, ${mebibytes(restored.bytes)} from backup ${restored.backupId} (${place.name}) in ${seconds} s`,
    )
    for (const check of restored.checks)
      console.log(`${check.passed ? 'ok    ' : 'FAILED'} ${check.name}: ${check.figure}`)
    console.log(`Restored up to ${localTime(restored.coversUntil)}. What was done after that is not there.`)
    for (const file of restored.absent)
      console.log(`missing: ${file} (named in vigil.yaml, outside the data directory; no backup has it)`)
    if (restored.studies)
      console.log(`missing: studies that others put into ${restored.studies}; put them there again`)
    console.log(`Then: vigil serve --dir ${options.to}; never beside the old gateway.`)
    if (restored.checks.some(({ passed }) => !passed)) process.exitCode = 1
  } finally {
    await place.close()
  }
}

/** Where from, and what opens it. The master key of a lost data directory is given by itself. */
async function sourceOf(options: RestoreOptions): Promise<{
  place: Place
  config: GatewayConfig | null
  masterKeyFile?: string
}> {
  const paths = options.dir === undefined ? null : dataDirectory(options.dir)
  const configFile = options.config ?? paths?.config
  const root = paths?.root ?? resolve(configFile ?? '.', '..')
  const config = configFile ? await readConfig(configFile, root) : null
  const key =
    options.masterKey ??
    (config?.masterKey.kind === 'file' && !config.masterKey.path ? paths?.masterKey : undefined)
  const more = { config, ...(key ? { masterKeyFile: key } : {}) }
  if (options.source !== undefined) {
    if (!existsSync(options.source)) throw new Error(`${options.source}: does not exist`)
    return { place: directoryPlace(options.source, resolve(options.source)), ...more }
  }
  if (!config) throw new Error('say where from: --dir, --source, or --config with --from')
  if (options.from === undefined) return { place: directoryPlace('local', config.backup.directory), ...more }
  const place = config.backup.offSite.find(({ name }) => name === options.from)
  if (!place) throw new Error(`backup.offSite has no place of the name ${options.from}`)
  return { place: openPlace(place, { clock: Date.now }), ...more }
}

async function drill({ dir, list: only }: { dir: string; list?: boolean }): Promise<void> {
  await withBackups(dir, async (backups) => {
    if (only) {
      for (const row of (await backups.status()).drills) printDrill(row)
      return
    }
    const row = await backups.drill(cliActor())
    printDrill(row)
    if (row.outcome === 'failed') process.exitCode = 1
  })
}

function printDrill(row: DrillRow): void {
  console.log(
    `${localTime(row.startedAt)}  ${row.outcome.toUpperCase()}  backup ${row.backupId || '-'} from ${row.source}: ` +
      `restored in ${row.restoreSeconds} s (RTO), would have lost ${Math.round(row.lossSeconds)} s (RPO)`,
  )
  for (const { name, passed, figure } of row.checks)
    console.log(`    ${passed ? 'ok    ' : 'FAILED'} ${name}: ${figure}`)
}

function described(row: BackupRow): string {
  const until = row.coversUntil === null ? '-' : localTime(row.coversUntil)
  const copies = row.offSite.length > 0 ? `  also at ${row.offSite.join(', ')}` : ''
  const error = row.error ? ` (${row.error})` : ''
  return `${row.id}  ${row.kind.padEnd(11)}  ${row.state}${error}  up to ${until}  ${mebibytes(row.bytes)}${copies}`
}

function readTime(text: string): number {
  const at = Date.parse(text)
  if (Number.isNaN(at)) throw new InvalidArgumentError('not a time, e.g. 2026-11-23T14:30')
  return at
}

/** On a terminal, how far it is. */
function progressLine(): (done: number, total: number) => void {
  if (!process.stderr.isTTY) return () => {}
  let shown = -1
  return (done, total) => {
    const percent = Math.floor((100 * done) / Math.max(1, total))
    if (percent === shown) return
    shown = percent
    process.stderr.write(`\r${percent} % of ${mebibytes(total)}${percent === 100 ? '\n' : ''}`)
  }
}

const mebibytes = (bytes: number) => `${(bytes / 1024 / 1024).toFixed(1)} MiB`

function localTime(at: number): string {
  const offset = new Date(at).getTimezoneOffset() * 60_000
  return new Date(at - offset).toISOString().slice(0, 19).replace('T', ' ')
}
