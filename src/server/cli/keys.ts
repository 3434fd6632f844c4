import { existsSync } from 'node:fs'
import { rename } from 'node:fs/promises'
import { resolve } from 'node:path'
import { Command, Option } from 'commander'
import { pino } from 'pino'
import { resealFolder } from '../archive/index.ts'
import { MasterKeyConfig, readConfig, withAbsoluteKeyFiles } from '../config/index.ts'
import { type DataDirectory, dataDirectory } from '../data-directory/index.ts'
import type { Foundation } from '../foundation.ts'
import { resealRows } from '../integrity/index.ts'
import {
  escrow,
  recover,
  rewrap,
  rotatablePurposes,
  rotateKey,
  rotateMasterKey,
  type WholeMasterKey,
} from '../keys/index.ts'
import { openFoundation } from '../open-foundation.ts'
import { masterKeySource, openHsm, wrappingBy, writeMasterKey } from '../protection/index.ts'
import { openStore } from '../store/index.ts'
import { cliActor } from './actor.ts'
import { withFoundation } from './with-foundation.ts'

/** The keys of what is at rest: see docs/operations/keys.md. */
export function keysCommand(input: AsyncIterable<string | Buffer> = process.stdin): Command {
  const keys = new Command('keys').description('the keys that data at rest is encrypted with')
  const command = (name: string, description: string) =>
    keys.command(name).description(description).requiredOption('--dir <directory>', 'the data directory')
  command('list', 'every generation of every key').action(({ dir }: Dir) => withFoundation(dir, list))
  command('rotate', 'a new key, and everything moved to it; goes on where it was ended')
    .addOption(
      new Option('--purpose <purpose>', 'which key')
        .choices([...rotatablePurposes, 'master'])
        .default('field'),
    )
    .action(({ dir, purpose }: Dir & { purpose: (typeof rotatablePurposes)[number] | 'master' }) =>
      withFoundation(dir, (foundation, paths) => rotate(foundation, paths, purpose)),
    )
  hsmOptions(command('rewrap', 'put all keys under a master key from another source'))
    .addOption(
      new Option('--to <source>', 'where the new master key is')
        .choices(['file', 'pkcs11', 'environment'])
        .makeOptionMandatory(),
    )
    .option('--path <file>', 'the new master key file')
    .option('--variable <name>', 'the environment variable')
    .action(({ dir, to, ...given }: Dir & { to: string } & Partial<Record<string, string>>) =>
      withFoundation(dir, async (foundation, paths) => {
        const config = sourceOf({ kind: to, ...given }, paths)
        const { fingerprint } = await rewrap(foundation, config, { actor: cliActor(), env: process.env })
        console.log(
          `all keys stand under ${fingerprint} now. In vigil.yaml, before the next start:\n\nmasterKey:`,
        )
        for (const [key, value] of Object.entries(config)) console.log(`  ${key}: ${value}`)
      }),
    )
  hsmOptions(keys.command('init-hsm').description('make the AES key in a security module'))
    .requiredOption('--dir <directory>', 'the data directory')
    .action(async ({ dir, ...given }: Dir & Record<string, string>) => {
      const config = sourceOf({ kind: 'pkcs11', ...given }, dataDirectory(dir))
      if (config.kind === 'pkcs11') await openHsm(config).make()
      console.log('made, sensitive and not extractable: vigil keys rewrap --to pkcs11 puts the keys under it')
    })
  command('escrow', 'print the master key in shares, to be kept apart')
    .option('--shares <count>', 'how many papers', '5')
    .option('--threshold <count>', 'how many of them give the key back', '3')
    .action(({ dir, shares, threshold }: Dir & { shares: string; threshold: string }) =>
      withFoundation(dir, (foundation, paths) =>
        printEscrow(foundation, paths, Number(shares), Number(threshold)),
      ),
    )
  keys
    .command('recover')
    .description('write the master key file again from its paper shares, typed on standard input')
    .option('--dir <directory>', 'the data directory that the key belongs to')
    .option(
      '--out <file>',
      'where there is no data directory any more: a file that does not exist, for a restore',
    )
    .action(({ dir, out }: { dir?: string; out?: string }) => {
      if ((dir === undefined) === (out === undefined)) throw new Error('say --dir, or --out')
      return dir === undefined ? recoverAlone(out ?? '', input) : recoverKey(dataDirectory(dir), input)
    })
  return keys
}

interface Dir {
  dir: string
}

function hsmOptions(command: Command): Command {
  return command
    .option('--module <file>', 'the PKCS#11 library')
    .option('--token-label <label>', 'the token')
    .option('--key-label <label>', 'the AES key in it')
    .option('--pin-file <file>', 'holds the PIN, mode 0600')
}

/** @throws Error naming what is missing */
function sourceOf(given: Record<string, string | undefined>, paths: DataDirectory): WholeMasterKey {
  const parsed = MasterKeyConfig.safeParse(
    Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)),
  )
  if (!parsed.success) {
    const wrong = parsed.error.issues.map(({ path, message }) => `${path.join('.') || 'options'}: ${message}`)
    throw new Error(`master key: ${wrong.join('; ')}`)
  }
  return whole(
    withAbsoluteKeyFiles(parsed.data, (path) => resolve(path)),
    paths,
  )
}

function whole(config: MasterKeyConfig, paths: DataDirectory): WholeMasterKey {
  return config.kind === 'file' ? { kind: 'file', path: config.path ?? paths.masterKey } : config
}

async function list({ store, keyring }: Foundation): Promise<void> {
  console.log(`master key ${keyring.wrapping().fingerprint}`)
  const rows = await store.db
    .selectFrom('wrapped_keys')
    .selectAll()
    .orderBy('purpose')
    .orderBy('generation')
    .execute()
  for (const { purpose, generation, state, created_at } of rows)
    console.log(
      `${purpose.padEnd(10)}${String(generation).padEnd(5)}${state.padEnd(10)}${new Date(created_at).toISOString().slice(0, 10)}`,
    )
}

async function rotate(
  foundation: Foundation,
  paths: DataDirectory,
  purpose: (typeof rotatablePurposes)[number] | 'master',
): Promise<void> {
  const actor = cliActor()
  if (purpose === 'master') {
    const { fingerprint } = await rotateMasterKey(foundation, whole(foundation.config.masterKey, paths), {
      actor,
    })
    console.log(
      `master key ${fingerprint} is in use; make a new escrow: the papers of the one before open nothing`,
    )
    return
  }
  const { archive } = foundation.config
  const done = await rotateKey(foundation, purpose, {
    actor,
    pause: () => new Promise((resume) => setTimeout(resume, 5)),
    resealRows: () => resealRows(foundation),
    resealObjects: async (generation) =>
      archive.kind === 'folder'
        ? resealFolder(archive.path, foundation.protection, generation)
        : { moved: 0, damaged: 0 },
    progress: everyTenth((share) => console.log(`${share} %`)),
  })
  const damaged = done.damaged > 0 ? `, ${done.damaged} damaged and left as they are` : ''
  console.log(`${purpose}: generation ${done.generation} is in use, ${done.moved} moved${damaged}`)
}

function everyTenth(say: (share: number) => void): (done: number, total: number) => void {
  let said = 0
  return (done, total) => {
    const share = total > 0 ? Math.min(100, Math.floor((done / total) * 10) * 10) : 100
    if (share <= said) return
    said = share
    say(share)
  }
}

async function printEscrow(
  foundation: Foundation,
  paths: DataDirectory,
  count: number,
  threshold: number,
): Promise<void> {
  const { config, store, clock, random, gatewayId } = foundation
  const source = masterKeySource(config.masterKey, {
    db: store.db,
    file: paths.masterKey,
    env: process.env,
    clock,
    random,
  })
  const key = await source.read()
  const shares = await escrow(foundation, key, { shares: count, threshold, actor: cliActor() })
  key.fill(0)
  const day = new Date(clock()).toISOString().slice(0, 10)
  for (const { number, fingerprint, lines } of shares) {
    console.log(`\nVigil master key, share ${number} of ${count}; any ${threshold} give it back`)
    console.log(`gateway ${gatewayId}, key ${fingerprint}, ${day}\n`)
    for (const line of lines) console.log(`  ${line}`)
  }
  console.error(
    '\nPrint, do not save. Give each paper to another person, and try vigil keys recover with them.',
  )
}

async function typedShares(input: AsyncIterable<string | Buffer>): ReturnType<typeof recover> {
  console.error('Type the shares, line by line with their numbers; end with Ctrl+D.')
  let typed = ''
  for await (const chunk of input) typed += chunk
  return recover(typed)
}

/** Nothing to prove it against but its fingerprint; the backup that it is for does. */
async function recoverAlone(file: string, input: AsyncIterable<string | Buffer>): Promise<void> {
  const { key, fingerprint, used } = await typedShares(input)
  await writeMasterKey(file, key)
  key.fill(0)
  console.log(`${file}: master key ${fingerprint}, from shares ${used.join(', ')}`)
}

/** Proves the key against the database before anything is written. */
async function recoverKey(paths: DataDirectory, input: AsyncIterable<string | Buffer>): Promise<void> {
  const config = await readConfig(paths.config, paths.root)
  const file = config.masterKey.kind === 'file' ? (config.masterKey.path ?? paths.masterKey) : paths.masterKey
  const { key, fingerprint, used } = await typedShares(input)
  await prove(paths, key, fingerprint)
  if (existsSync(file)) {
    const aside = `${file}.before-${Date.now()}`
    await rename(file, aside)
    console.log(`what was there is ${aside} now`)
  }
  await writeMasterKey(file, key)
  key.fill(0)
  if (config.masterKey.kind === 'file') await recordRecovery(paths, fingerprint, used)
  else console.log(`vigil.yaml names another source: set masterKey.kind to file, then vigil keys rewrap`)
  console.log(`${file}: master key ${fingerprint}, from shares ${used.join(', ')}`)
}

async function prove(paths: DataDirectory, key: Buffer, fingerprint: string): Promise<void> {
  const store = await openStore(paths.database)
  try {
    const wrapping = wrappingBy(key, () => Buffer.alloc(0))
    const rows = store.wrappedKeys().filter(({ purpose }) => purpose !== 'master')
    if (rows.length === 0) throw new Error(`${paths.database}: there are no keys in it`)
    for (const { purpose, generation, wrapped } of rows) wrapping.unwrap(purpose, generation, wrapped)
  } catch (cause) {
    throw new Error(`${paths.database} does not stand under master key ${fingerprint}`, { cause })
  } finally {
    await store.close()
  }
}

async function recordRecovery(paths: DataDirectory, fingerprint: string, shares: number[]): Promise<void> {
  const foundation = await openFoundation(paths, { clock: Date.now, log: pino({ level: 'silent' }) })
  try {
    await foundation.audit.record({
      action: 'key.recovered',
      outcome: 'success',
      actor: cliActor(),
      object: { kind: 'key', id: `master:${fingerprint}` },
      detail: { fingerprint, shares },
    })
  } finally {
    await foundation.store.close()
  }
}
