import { basename, resolve } from 'node:path'
import { Command } from 'commander'
import {
  type AuditArchive,
  createAuditArchive,
  createCheckpoints,
  openEvidenceSigner,
  shownRecord,
} from '../audit/index.ts'
import type { Foundation } from '../foundation.ts'
import { IntegrityError } from '../protection/index.ts'
import { cliActor } from './actor.ts'
import { withFoundation } from './with-foundation.ts'

/** Complete months of the audit as sealed files. */
export function auditArchiveCommands(): Command[] {
  const archive = new Command('archive')
    .description('write the files of the complete months that have none yet')
    .requiredOption('--dir <directory>', 'the data directory')
    .option('--month <month>', 'no later one than this, e.g. 2026-10')
    .action(write)
  const read = new Command('read')
    .description('the records of an archive file, one JSON object a line; the reading is recorded')
    .requiredOption('--dir <directory>', 'the data directory of the gateway that wrote it')
    .requiredOption('--archive <file>', 'e.g. 2026-10.vaudit')
    .action(print)
  return [archive, read]
}

async function write({ dir, month }: { dir: string; month?: string }): Promise<void> {
  if (month !== undefined && !isMonth(month)) throw new Error('--month: a month is e.g. 2026-10')
  const written = await withArchive(dir, (archive) => archive.writeDue(cliActor(), month))
  for (const one of written) console.log(`${one} written`)
  if (written.length === 0) console.log('no complete month is without its file')
}

/** `vigil audit verify --archive`: ends with 1 where the file does not hold. */
export async function verifyArchive(dir: string, file: string): Promise<void> {
  const month = monthOf(file)
  await withArchive(dir, async (archive, { audit }) => {
    const found = await archive.verify(month, resolve(file)).catch((error: unknown) => {
      if (error instanceof IntegrityError) return error
      throw error
    })
    const broken = found instanceof IntegrityError ? found.place : null
    await audit.record({
      action: 'audit.archive-verified',
      outcome: broken ? 'failed' : 'success',
      actor: cliActor(),
      object: { kind: 'audit-archive', id: month },
      ...(broken ? { detail: { where: broken.row } } : {}),
    })
    if (found instanceof IntegrityError) {
      console.log(`${file}: BROKEN at ${found.place.row}`)
      process.exitCode = 1
    } else {
      console.log(`${month}: records ${found.firstSeq} to ${found.lastSeq}, ${found.rows} of them, whole`)
    }
  })
}

async function print({ dir, archive: file }: { dir: string; archive: string }): Promise<void> {
  const month = monthOf(file)
  await withArchive(dir, async (archive, { audit, protection }) => {
    await audit.record({
      action: 'audit.archive-read',
      outcome: 'success',
      actor: cliActor(),
      object: { kind: 'audit-archive', id: month },
    })
    for await (const row of archive.read(month, resolve(file)))
      process.stdout.write(`${JSON.stringify(shownRecord(protection, row))}\n`)
  })
}

function withArchive<T>(
  dir: string,
  work: (archive: AuditArchive, foundation: Foundation) => Promise<T>,
): Promise<T> {
  return withFoundation(dir, async (foundation, paths) => {
    const checkpoints = createCheckpoints(foundation, await openEvidenceSigner(foundation))
    const archive = createAuditArchive({
      ...foundation,
      checkpoints,
      directory: paths.auditArchive,
      keepMonths: foundation.config.audit.keepMonths,
    })
    return work(archive, foundation)
  })
}

const isMonth = (text: string): boolean => /^\d{4}-(0[1-9]|1[0-2])$/.test(text)

/** The file says by its name which month it is of; its content has to agree. */
function monthOf(file: string): string {
  const month = basename(file, '.vaudit')
  if (!isMonth(month)) throw new Error(`${file}: an archive file is called by its month, e.g. 2026-10.vaudit`)
  return month
}
