import { Command } from 'commander'
import type { DamageLack } from '../../shared/api/index.ts'
import { createAuditArchive, createCheckpoints, openEvidenceSigner } from '../audit/index.ts'
import { createBackups } from '../backup/index.ts'
import type { Foundation } from '../foundation.ts'
import { acceptTable, damageRows, type Integrity } from '../integrity/index.ts'
import { openIntegrity } from '../open-integrity.ts'
import { cliActor } from './actor.ts'
import { withFoundation } from './with-foundation.ts'

const dirOption = ['--dir <directory>', 'the data directory'] as const

export function integrityCommand(): Command {
  const integrity = new Command('integrity').description(
    'damage to what is stored: looked for, listed, repaired',
  )
  integrity
    .command('scrub')
    .description(
      'look at everything that is stored, beside a running gateway too, and repair what is damaged',
    )
    .requiredOption(...dirOption)
    .action(scrub)
  integrity
    .command('list')
    .description('what was found damaged, and what was restored from where')
    .requiredOption(...dirOption)
    .action(list)
  integrity
    .command('repair')
    .description('restore what is listed from the newest good copy')
    .requiredOption(...dirOption)
    .action(repair)
  integrity
    .command('accept')
    .description(
      'take a table as it stands, where nothing can restore it and somebody has looked at it; audited',
    )
    .requiredOption(...dirOption)
    .requiredOption('--table <name>', 'the table')
    .requiredOption('--reason <text>', 'who looked at what, for the audit')
    .action(accept)
  return integrity
}

const withIntegrity = (
  dir: string,
  work: (integrity: Integrity, foundation: Foundation) => Promise<void>,
): Promise<void> =>
  withFoundation(dir, async (foundation, paths) => {
    const backups = createBackups(foundation, { paths })
    const auditArchive = createAuditArchive({
      ...foundation,
      checkpoints: createCheckpoints(foundation, await openEvidenceSigner(foundation)),
      directory: paths.auditArchive,
      keepMonths: foundation.config.audit.keepMonths,
    })
    const integrity = openIntegrity(foundation, { paths, backups, auditArchive })
    await work(integrity, foundation)
  })

const scrub = ({ dir }: { dir: string }) =>
  withIntegrity(dir, async (integrity, foundation) => {
    const shown = setInterval(() => {
      const progress = integrity.scrub.running()
      if (progress && process.stdout.isTTY)
        process.stdout.write(`\r${progress.done} of about ${progress.total} `)
    }, 500)
    const run = await integrity.scrub.run().finally(() => clearInterval(shown))
    console.log(
      `${run.values} values and ${run.files} files (${(run.bytes / 1e6).toFixed(1)} MB) in ${((run.finishedAt ?? 0) - run.startedAt) / 1000} s: ${run.damaged} damaged, ${run.restored} restored`,
    )
    await printStanding(foundation)
  })

const list = ({ dir }: { dir: string }) =>
  withFoundation(dir, async (foundation) => {
    for (const row of await damageRows(foundation))
      console.log(
        `${row.state}  ${row.place}  ${row.what}${lackText(row.lack)}  found ${new Date(row.foundAt).toISOString()}${row.source ? `  from ${row.source}` : ''}`,
      )
  })

const repair = ({ dir }: { dir: string }) =>
  withIntegrity(dir, async (integrity, foundation) => {
    for (const { place, source } of await integrity.repair(cliActor()))
      console.log(`restored  ${place.table}.${place.column}/${place.row}  from ${source}`)
    await printStanding(foundation)
  })

const accept = ({ dir, table, reason }: { dir: string; table: string; reason: string }) =>
  withFoundation(dir, async (foundation) => {
    console.log(
      `${await acceptTable(foundation, { table, reason, by: cliActor() })} rows of ${table} taken as they stand`,
    )
  })

/** What stays damaged ends the command with 1: a schedule outside tells its people by it. */
async function printStanding(foundation: Foundation): Promise<void> {
  const standing = (await damageRows(foundation)).filter(({ state }) => state === 'isolated')
  for (const { place, what, lack } of standing) console.log(`damaged   ${place}: ${what}${lackText(lack)}`)
  if (standing.length > 0) process.exitCode = 1
}

function lackText(lack: DamageLack | undefined): string {
  if (!lack) return ''
  const { missing, source, keys } = lack
  const many =
    missing === 0
      ? 'as many as there should be'
      : `${Math.abs(missing)} ${missing > 0 ? 'missing' : 'too many'}`
  return keys.length === 0 ? ` (${many})` : ` (${many}; in ${source}, not here: ${keys.join(', ')})`
}
