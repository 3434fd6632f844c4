import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Command, InvalidArgumentError } from 'commander'
import { VigilError } from '../../shared/errors/index.ts'
import {
  type Backups,
  backupsAt,
  createBackups,
  type Opener,
  openerBy,
  type Place,
  verifyAt,
} from '../backup/index.ts'
import { cliActor } from './actor.ts'
import { restore } from './backup-restore.ts'
import { namedPlace, openSource, type SourceOptions, sourceOptions } from './backup-source.ts'
import {
  described,
  describedAt,
  describedDrill,
  describedPlace,
  mebibytes,
  progressLine,
} from './backup-words.ts'
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
  sourceOptions(
    backup
      .command('list')
      .description('the backups, where their copies are, and the off-site places; or what lies at one place')
      .option(...dirOption),
  ).action(list)
  sourceOptions(
    backup
      .command('verify [id]')
      .description('read back and rebuild one backup, or the newest; nothing of the gateway is changed')
      .option(...dirOption),
  ).action(verify)
  sourceOptions(
    backup
      .command('restore')
      .description('restore a gateway into a new directory, and check it')
      .requiredOption('--to <directory>', 'a directory that does not exist')
      .option('--at <time>', 'as it was at this time (2026-11-23T14:30, local); else the newest', readTime)
      .option(
        '--dir <directory>',
        'the data directory, where it is still there: its backups, places and master key',
      )
      .option(
        '--checkpoint <files...>',
        'signed checkpoints of the audit from elsewhere, or the log server’s file: tells what is lost',
        [],
      ),
  ).action(restore)
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

/** At one place, by what lies there: with the gateway's own keys where there is a data directory, else by the master key. */
async function atPlace<T>(
  options: SourceOptions,
  work: (place: Place, open: Opener) => Promise<T>,
): Promise<T> {
  const { dir, from, source, config, masterKey } = options
  const usingPlace = async (place: Place, open: Opener) => {
    try {
      return await work(place, open)
    } finally {
      await place.close()
    }
  }
  if (
    dir !== undefined &&
    from !== undefined &&
    source === undefined &&
    config === undefined &&
    masterKey === undefined
  )
    return withFoundation(dir, (foundation) =>
      usingPlace(namedPlace(foundation.config, from), async () => foundation.protection),
    )
  const { place, keys } = await openSource(options)
  return usingPlace(place, openerBy(keys))
}

/** Whether the catalogue of the data directory is meant, and not what lies at some place. */
function catalogueOf({ dir, from, source, config }: SourceOptions): string | null {
  return dir !== undefined && from === undefined && source === undefined && config === undefined ? dir : null
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

async function list(options: SourceOptions): Promise<void> {
  const dir = catalogueOf(options)
  if (dir === null) return atPlace(options, listAt)
  await withBackups(dir, async (backups) => {
    await backups.align()
    for (const row of (await backups.status()).backups) console.log(described(row))
    await printPlaces(backups)
  })
}

async function listAt(place: Place, open: Opener): Promise<void> {
  const found = await backupsAt(place, open)
  for (const one of found) console.log(describedAt(one))
  const whole = found.filter(({ state }) => state === 'whole').length
  console.log(`${place.name}: ${found.length} backups, ${whole} whole`)
  if (found.length === 0 || whole < found.length) process.exitCode = 1
}

async function printPlaces(backups: Backups): Promise<void> {
  for (const place of (await backups.status()).offSite) {
    console.log(describedPlace(place))
    if (place.lastError) process.exitCode = 1
  }
}

async function verify(id: string | undefined, options: SourceOptions): Promise<void> {
  const dir = catalogueOf(options)
  if (dir === null) {
    const { id: proven, bytes, rows } = await atPlace(options, (place, open) => verifiedAt(place, id, open))
    return said(proven, bytes, rows)
  }
  await withBackups(dir, async (backups) => {
    await backups.align()
    const wanted = id ?? (await backups.status()).backups.find(({ state }) => state === 'good')?.id
    if (!wanted) throw new Error('there is no good backup')
    const { bytes, rows } = await backups.verify(wanted, cliActor())
    said(wanted, bytes, rows)
  })
}

/** What is rebuilt lies unsealed for a while, in the system's temporary directory (TMPDIR), readable by this user alone. */
async function verifiedAt(place: Place, id: string | undefined, open: Opener) {
  const room = await mkdtemp(join(tmpdir(), 'vigil-verify-'))
  try {
    return await verifyAt(place, id, { open, room, onBytes: progressLine() })
  } finally {
    await rm(room, { recursive: true, force: true })
  }
}

const said = (id: string, bytes: number, rows: number) =>
  console.log(`${id}: whole (${mebibytes(bytes)} read back, ${rows} rows rebuilt)`)

async function drill({ dir, list: only }: { dir: string; list?: boolean }): Promise<void> {
  await withBackups(dir, async (backups) => {
    if (only) {
      for (const row of (await backups.status()).drills) console.log(describedDrill(row))
      return
    }
    const row = await backups.drill(cliActor())
    console.log(describedDrill(row))
    if (row.outcome === 'failed') process.exitCode = 1
  })
}

function readTime(text: string): number {
  const at = Date.parse(text)
  if (Number.isNaN(at)) throw new InvalidArgumentError('not a time, e.g. 2026-11-23T14:30')
  return at
}
