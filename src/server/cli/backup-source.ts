import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { Command } from 'commander'
import { directoryPlace, type KeySource, openPlace, type Place } from '../backup/index.ts'
import { type GatewayConfig, readConfig } from '../config/index.ts'
import { dataDirectory } from '../data-directory/index.ts'
import { masterKeySource, readMasterKey } from '../protection/index.ts'

/** Where backups lie, and what opens them, without a gateway's database. */
export interface SourceOptions {
  dir?: string
  from?: string
  source?: string
  config?: string
  masterKey?: string
}

export function sourceOptions(command: Command): Command {
  return command
    .option('--from <name>', 'at this off-site place of the configuration')
    .option('--source <directory>', 'in a directory that backups, or copies of them, lie in')
    .option('--config <file>', 'a vigil.yaml that names the off-site place and the master key')
    .option('--master-key <file>', 'the master key, in the place of what the configuration names')
}

export interface OpenedSource {
  place: Place
  keys: KeySource
  /** What a restored gateway is given, where the key is a file. */
  masterKeyText: string | null
}

/** @throws Error saying what is missing. */
export async function openSource(options: SourceOptions): Promise<OpenedSource> {
  const paths = options.dir === undefined ? null : dataDirectory(options.dir)
  const configFile = options.config ?? paths?.config
  const root = paths?.root ?? resolve(configFile ?? '.', '..')
  const config = configFile ? await readConfig(configFile, root) : null
  const place = placeOf(options, config)
  const ownKey =
    config?.masterKey.kind === 'file' ? (config.masterKey.path ?? dataDirectory(root).masterKey) : null
  const file = options.masterKey ?? ownKey
  if (file) {
    const masterKeyText = existsSync(file) ? await readFile(file, 'utf8') : null
    return { place, keys: keysBy(() => readMasterKey(file)), masterKeyText }
  }
  if (config === null || config.masterKey.kind === 'file')
    throw new Error(
      '--master-key: names no file, and no --config or data directory says where the master key is (a file, a security module, a variable)',
    )
  const { masterKey } = config
  let kept: Buffer | undefined
  const keys = keysBy(async (db) => {
    const source = { db, file: '', env: process.env, clock: Date.now, random: randomBytes }
    if (masterKey.kind === 'pkcs11') return masterKeySource(masterKey, source).read()
    // A variable is taken out of the environment by the first who reads it.
    kept ??= await masterKeySource(masterKey, source).read()
    return Buffer.from(kept)
  })
  return { place, keys, masterKeyText: null }
}

const keysBy = (masterKey: KeySource['masterKey']): KeySource => ({
  masterKey,
  clock: Date.now,
  random: randomBytes,
})

function placeOf({ source, from }: SourceOptions, config: GatewayConfig | null): Place {
  if (source !== undefined) {
    if (!existsSync(source)) throw new Error(`${source}: does not exist`)
    return directoryPlace(source, resolve(source))
  }
  if (!config) throw new Error('say where from: --dir, --source, or --config with --from')
  if (from === undefined) return directoryPlace('local', config.backup.directory)
  return namedPlace(config, from)
}

/** @throws Error where the configuration has none of the name. */
export function namedPlace(config: GatewayConfig, name: string): Place {
  const place = config.backup.offSite.find((one) => one.name === name)
  if (!place) throw new Error(`backup.offSite has no place of the name ${name}`)
  return openPlace(place, { clock: Date.now })
}
