import { existsSync } from 'node:fs'
import type { AuditEntry } from '../audit/index.ts'
import type { MasterKeyConfig } from '../config/index.ts'
import type { Foundation } from '../foundation.ts'
import {
  knownMaster,
  masterFingerprint,
  nextMasterKeyFile,
  noteMaster,
  openHsm,
  putInPlace,
  readMasterKey,
  takeFromEnvironment,
  wrappingBy,
  writeMasterKey,
} from '../protection/index.ts'

type Base = Pick<Foundation, 'store' | 'keyring' | 'audit' | 'clock' | 'random'>

/** With the file named. */
export type WholeMasterKey = Exclude<MasterKeyConfig, { kind: 'file' }> | { kind: 'file'; path: string }

/** A new master key; `wrapped` by the security module where it is of one. */
interface NewMaster {
  key: Buffer
  wrapped: string
}

/**
 * Wraps every generation of every key by another master key, in one transaction. The one before opens nothing of this database any
 * more; copies of it from before it still does.
 * @throws Error where the new source has no key, or the one that is in use
 */
export async function rewrap(
  base: Base,
  to: WholeMasterKey,
  { actor, env }: { actor: AuditEntry['actor']; env: NodeJS.ProcessEnv },
): Promise<{ fingerprint: string }> {
  return wrapAllBy(base, await newMaster(to, base, env), { kind: to.kind, actor })
}

/**
 * Another key from the same source: in the file's place, or one that the security module wraps. Can be ended at any moment: the new
 * file lies beside the old until the database stands under it.
 */
export async function rotateMasterKey(
  base: Base,
  config: WholeMasterKey,
  { actor }: { actor: AuditEntry['actor'] },
): Promise<{ fingerprint: string }> {
  if (config.kind === 'environment')
    throw new Error('the master key comes from the environment: set another there, and use vigil keys rewrap')
  if (config.kind === 'pkcs11') return rewrap(base, config, { actor, env: {} })
  const next = nextMasterKeyFile(config.path)
  const key = await fileKey(next, base)
  const done = await wrapAllBy(base, { key, wrapped: '' }, { kind: 'file', actor })
  await putInPlace(config.path)
  return done
}

async function newMaster(to: WholeMasterKey, { random }: Base, env: NodeJS.ProcessEnv): Promise<NewMaster> {
  if (to.kind === 'environment') return { key: takeFromEnvironment(to.variable, env), wrapped: '' }
  if (to.kind === 'file') return { key: await fileKey(to.path, { random }), wrapped: '' }
  const key = Buffer.from(random(32))
  return { key, wrapped: await openHsm(to).wrap(key, random) }
}

/** The file's key, made where there is none: an earlier try may have been ended after it made it. */
async function fileKey(file: string, { random }: Pick<Base, 'random'>): Promise<Buffer> {
  if (!existsSync(file)) await writeMasterKey(file, Buffer.from(random(32)))
  return readMasterKey(file)
}

async function wrapAllBy(
  { store, keyring, audit, clock, random }: Base,
  { key, wrapped }: NewMaster,
  { kind, actor }: { kind: string; actor: AuditEntry['actor'] },
): Promise<{ fingerprint: string }> {
  const fingerprint = masterFingerprint(key)
  const to = wrappingBy(key, random)
  await keyring.refresh()
  const from = keyring.wrapping()
  if (from.fingerprint === fingerprint) throw new Error('this is the master key that is in use already')
  await store.transaction(async (trx) => {
    const known = await knownMaster(trx)
    for (const row of await trx
      .selectFrom('wrapped_keys')
      .selectAll()
      .where('purpose', '<>', 'master')
      .execute())
      await trx
        .updateTable('wrapped_keys')
        .set({ wrapped: to.rewrap(row.purpose, row.generation, row.wrapped, from), fingerprint })
        .where('purpose', '=', row.purpose)
        .where('generation', '=', row.generation)
        .execute()
    await noteMaster(trx, { generation: (known?.generation ?? 0) + 1, key, wrapped, now: clock() })
    await audit.append(trx, {
      action: 'key.master-changed',
      outcome: 'success',
      actor,
      object: { kind: 'key', id: `master/${(known?.generation ?? 0) + 1}` },
      detail: { kind, fingerprint, before: from.fingerprint },
    })
  })
  key.fill(0)
  return { fingerprint }
}
