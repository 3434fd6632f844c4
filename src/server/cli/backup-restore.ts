import { type Attested, restoreBackup } from '../backup/index.ts'
import { cliActor } from './actor.ts'
import { openSource, type SourceOptions } from './backup-source.ts'
import { describedCheck, localTime, mebibytes, progressLine } from './backup-words.ts'
import { readCheckpoints } from './checkpoint-file.ts'

export interface RestoreOptions extends SourceOptions {
  to: string
  at?: number
  checkpoint: string[]
}

export async function restore(options: RestoreOptions): Promise<void> {
  const checkpoints = (await Promise.all(options.checkpoint.map(readCheckpoints))).flat()
  const { place, keys, masterKeyText } = await openSource(options)
  const began = performance.now()
  try {
    const restored = await restoreBackup({
      place,
      ...keys,
      to: options.to,
      ...(options.at === undefined ? {} : { at: options.at }),
      ...(masterKeyText === null ? {} : { masterKeyText }),
      checkpoints,
      actor: cliActor(),
      onBytes: progressLine(),
    })
    const seconds = ((performance.now() - began) / 1000).toFixed(1)
    for (const { id, why } of restored.passedOver) console.log(`passed over ${id}: ${why}`)
    console.log(
      `${restored.files} files, ${mebibytes(restored.bytes)} from backup ${restored.backupId} (${place.name}) in ${seconds} s`,
    )
    for (const check of restored.checks) console.log(describedCheck(check))
    console.log(`Restored up to ${localTime(restored.coversUntil)}. What was done after that is not there.`)
    for (const line of attestedWords(restored.attested)) console.log(line)
    for (const file of restored.absent)
      console.log(`missing: ${file} (named in vigil.yaml, outside the data directory; no backup has it)`)
    if (restored.studies)
      console.log(`missing: studies that others put into ${restored.studies}; put them there again`)
    const { file, configured } = restored.masterKey
    if (file !== null && configured !== 'file')
      console.log(
        `master key: vigil.yaml takes it from ${configured === 'pkcs11' ? 'a security module' : 'the environment'}; the key that ` +
          `you gave is ${file}. Where that source is not there, set masterKey: { kind: file } before the start, ` +
          'and later vigil keys rewrap',
      )
    console.log(`Then: vigil serve --dir ${options.to}; never beside the old gateway.`)
    if (restored.checks.some(({ passed }) => !passed)) process.exitCode = 1
  } finally {
    await place.close()
  }
}

/** Which records are known to be lost, or that somebody was at them, in plain words. */
function attestedWords(attested: Attested | null): string[] {
  if (!attested)
    return [
      'Which audit records were made after that is not known: --checkpoint, with the newest checkpoint from the log server, tells.',
    ]
  if (attested.kind === 'whole')
    return [`No audit record is lost that the checkpoint of record ${attested.seq} attests.`]
  if (attested.kind === 'lost') {
    const { first, last, records, from, until } = attested.lost
    return [
      `LOST: ${records} audit records, ${first} to ${last}, made between ${localTime(from)} and ${localTime(until)}; there may be more after those.`,
      'They were made after the backup: going back loses them, nobody took them away. A log server has their copies.',
    ]
  }
  if (attested.kind === 'not-ours')
    return [
      `The checkpoint of record ${attested.seq} is signed by ${attested.signer}, which is not this gateway’s key: it proves nothing.`,
    ]
  return [
    attested.how === 'changed'
      ? `TAMPERING: record ${attested.seq} is not the one that its checkpoint attests. It, or one before it, was changed or replaced.`
      : `TAMPERING: records from ${attested.seq} on were attested before the backup was made, and the backup does not have them: they were cut off. (Or the clock was set back.)`,
    'Keep this directory and the backup as they are, and tell the auditor.',
  ]
}
