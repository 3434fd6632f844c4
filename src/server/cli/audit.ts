import { writeFile } from 'node:fs/promises'
import { Command } from 'commander'
import { type Checkpoints, createCheckpoints, openEvidenceSigner } from '../audit/index.ts'
import { shippingState } from '../audit-shipping/index.ts'
import type { Foundation } from '../foundation.ts'
import { cliActor } from './actor.ts'
import { auditArchiveCommands, verifyArchive } from './audit-archive.ts'
import { auditReportCommand } from './audit-report.ts'
import { readCheckpoints } from './checkpoint-file.ts'
import { withFoundation } from './with-foundation.ts'

export function auditCommand(): Command {
  const audit = new Command('audit').description('the audit trail')
  audit
    .command('verify')
    .description('prove the chain; names the first bad record, and how it is bad')
    .requiredOption('--dir <directory>', 'the data directory')
    .option(
      '--checkpoint <files...>',
      'signed checkpoints that were kept elsewhere, or the log server’s file',
      [],
    )
    .option('--archive <file>', 'an archive file (2026-10.vaudit) in the place of the table')
    .action((options: { dir: string; checkpoint: string[]; archive?: string }) =>
      options.archive === undefined ? verify(options) : verifyArchive(options.dir, options.archive),
    )
  audit
    .command('checkpoint')
    .description('sign how far the chain is now, into a file to be kept elsewhere')
    .requiredOption('--dir <directory>', 'the data directory')
    .requiredOption('--out <file>', 'the file, which must not exist')
    .action(checkpoint)
  audit
    .command('shipping')
    .description('how the copies to the log server stand')
    .requiredOption('--dir <directory>', 'the data directory')
    .action(shipping)
  for (const command of auditArchiveCommands()) audit.addCommand(command)
  audit.addCommand(auditReportCommand())
  return audit
}

async function shipping({ dir }: { dir: string }): Promise<void> {
  const state = await withFoundation(dir, shippingState)
  const time = (at: number | null) => (at === null ? 'never' : new Date(at).toISOString())
  console.log(`receiver      ${state.receiver ?? 'none is configured (audit.shipping)'}`)
  console.log(`shipped       up to record ${state.shippedSeq}, last at ${time(state.lastShippedAt)}`)
  console.log(
    `waiting       ${state.waiting} records${state.oldestWaitingAt ? `, the oldest of ${time(state.oldestWaitingAt)}` : ''}`,
  )
  console.log(`last error    ${state.lastError ?? 'none'}`)
  if (state.stalledSince === null) return
  console.log(`alarm         since ${time(state.stalledSince)}`)
  process.exitCode = 1
}

async function verify(options: { dir: string; checkpoint: string[] }): Promise<void> {
  const kept = (await Promise.all(options.checkpoint.map(readCheckpoints))).flat()
  await withFoundation(
    options.dir,
    async (foundation) => {
      const { rows, faults } = await foundation.audit.verify()
      // A log server's file has other gateways' checkpoints too; where there is none of this one, that is told.
      const ours = kept.filter(({ gatewayId }) => gatewayId === foundation.gatewayId)
      const attesting = ours.length > 0 ? ours : kept
      const against =
        attesting.length === 0 ? null : await (await checkpointsOf(foundation)).verifyAgainst(attesting)
      for (const { seq, fault } of faults)
        console.log(
          fault === 'unguarded' ? 'the triggers against changes are gone' : `record ${seq}: ${fault}`,
        )
      if (against) console.log(`record ${against.seq}: ${against.fault}, by a checkpoint that was kept`)
      const whole = faults.length === 0 && !against
      console.log(whole ? `${rows} records, chain whole` : `${rows} records, chain BROKEN`)
      if (!whole) process.exitCode = 1
      await foundation.audit.record({
        action: 'audit.verified',
        outcome: whole ? 'success' : 'failed',
        actor: cliActor(),
        detail: { rows, checkpoints: kept.length, ...(faults[0] ?? against ?? {}) },
      })
    },
    { recordsItself: true },
  )
}

async function checkpoint({ dir, out }: { dir: string; out: string }): Promise<void> {
  await withFoundation(dir, async (foundation) => {
    await foundation.audit.record({ action: 'audit.checkpoint-made', outcome: 'success', actor: cliActor() })
    const checkpoints = await checkpointsOf(foundation)
    const made = await checkpoints.make()
    if (!made) throw new Error('the chain is not whole: see vigil audit verify')
    const content = { ...made, certificate: checkpoints.certificatePem }
    await writeFile(out, `${JSON.stringify(content, null, 2)}\n`, { mode: 0o600, flag: 'wx' })
    console.log(`record ${made.seq}, signed by ${made.signer}`)
  })
}

async function checkpointsOf(foundation: Foundation): Promise<Checkpoints> {
  return createCheckpoints(foundation, await openEvidenceSigner(foundation))
}
