import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import type { Clock } from '../../shared/time/clock.ts'
import { defaultConfigText, readConfig } from '../config/index.ts'
import { createAuthorities } from '../pki/index.ts'
import { createMasterKey } from '../protection/index.ts'
import { dataDirectory } from './paths.ts'

/**
 * Makes a data directory: configuration (kept where it is there already), master key (where it is to be a file), certificate authorities and server
 * certificate. The database is made by the first opening.
 * @throws Error where the directory has been initialised before; nothing of it is touched then.
 */
export async function initialise(
  dir: string,
  deps: { clock: Clock; configText?: string },
): Promise<{ gatewayId: string }> {
  const paths = dataDirectory(dir)
  if (existsSync(paths.masterKey)) throw new Error(`${paths.root}: already initialised`)
  await mkdir(paths.root, { recursive: true, mode: 0o700 })
  if (!existsSync(paths.config))
    await writeFile(paths.config, deps.configText ?? defaultConfigText, { mode: 0o600 })
  const config = await readConfig(paths.config, paths.root)
  const { masterKey } = config
  const whole = masterKey.kind === 'file' ? (masterKey.path ?? paths.masterKey) : paths.gatewayId
  if (existsSync(whole)) throw new Error(`${paths.root}: already initialised`)
  if (config.archive.kind === 'folder') await mkdir(config.archive.path, { recursive: true })
  const gatewayId = `gw-${randomBytes(8).toString('hex')}`
  await createAuthorities({ dir: paths.pki, gatewayId, serverNames: config.serverNames, clock: deps.clock })
  await writeFile(paths.gatewayId, `${gatewayId}\n`, { flag: 'wx' })
  // Last: its presence says that the directory is whole.
  if (masterKey.kind === 'file') await createMasterKey(whole, randomBytes)
  return { gatewayId }
}
