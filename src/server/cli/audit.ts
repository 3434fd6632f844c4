import { readFile, writeFile } from 'node:fs/promises'
import { Command } from 'commander'
import { CheckpointFile, type Checkpoints, createCheckpoints, openEvidenceSigner } from '../audit/index.ts'
import type { Foundation } from '../foundation.ts'
import { cliActor } from './actor.ts'
import { withFoundation } from './with-foundation.ts'

export function auditCommand(): Command {
  const audit = new Command('audit').description('the audit trail')
  audit
    .command('verify')
    .description(
      'prove the chain; tells the first bad record and whether it was changed, deleted, inserted, moved or cut off',
    )
    .requiredOption('--dir <directory>', 'the data directory')
    .option('--checkpoint <files...>', 'signed checkpoints that were kept elsewhere', [])
    .action(verify)
  audit
    .command('checkpoint')
    .description('sign how far the chain is now, into a file to be kept elsewhere')
    .requiredOption('--dir <directory>', 'the data directory')
    .requiredOption('--out <file>', 'the file, which must not exist')
    .action(checkpoint)
  return audit
}

async function verify(options: { dir: string; checkpoint: string[] }): Promise<void> {
  const kept = await Promise.all(options.checkpoint.map(readCheckpoint))
  await withFoundation(options.dir, async (foundation) => {
    const { rows, faults } = await foundation.audit.verify()
    const against = kept.length === 0 ? null : await (await checkpointsOf(foundation)).verifyAgainst(kept)
    for (const { seq, fault } of faults)
      console.log(fault === 'unguarded' ? 'the triggers against changes are gone' : `record ${seq}: ${fault}`)
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
  })
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

/** @throws Error naming the file. */
async function readCheckpoint(file: string): Promise<CheckpointFile> {
  const parsed = CheckpointFile.safeParse(parseJson(await readFile(file, 'utf8')))
  if (!parsed.success) throw new Error(`${file}: holds no checkpoint`)
  return parsed.data
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
