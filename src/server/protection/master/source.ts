import type { Clock, RandomBytes } from '../../../shared/time/clock.ts'
import type { MasterKeyConfig } from '../../config/index.ts'
import type { Queries } from '../../store/index.ts'
import { takeFromEnvironment } from './environment.ts'
import { masterKeyLength, readFittingMasterKey } from './file.ts'
import { openHsm } from './hsm.ts'
import { knownMaster, noteMaster } from './known.ts'

/** Where the master key comes from, in words that an error can name. */
export interface MasterKeySource {
  kind: MasterKeyConfig['kind']
  /** A file, a token and key, a variable. */
  name: string
  /** The key that the database stands under now. The caller wipes it. @throws Error naming the source. */
  read(): Promise<Buffer>
}

/** `file` is where a master key file is when the configuration names none. */
export function masterKeySource(
  config: MasterKeyConfig,
  deps: { db: Queries; file: string; env: NodeJS.ProcessEnv; clock: Clock; random: RandomBytes },
): MasterKeySource {
  const { db, env, random } = deps
  if (config.kind === 'file') {
    const file = config.path ?? deps.file
    const read = async () => readFittingMasterKey(file, (await knownMaster(db))?.fingerprint ?? null)
    return { kind: 'file', name: file, read }
  }
  if (config.kind === 'environment') {
    let kept: Buffer | null = null
    const read = async () => {
      kept ??= takeFromEnvironment(config.variable, env)
      return Buffer.from(kept)
    }
    return { kind: 'environment', name: `environment variable ${config.variable}`, read }
  }
  const name = `security module token ${config.tokenLabel}, key ${config.keyLabel}`
  const hsm = openHsm(config)
  return {
    kind: 'pkcs11',
    name,
    async read() {
      const known = await knownMaster(db)
      if (known && known.wrapped === '')
        throw new Error(
          `${name}: the database stands under a master key from elsewhere (${known.fingerprint}); vigil keys rewrap changes that`,
        )
      if (known) return hsm.unwrap(known.wrapped)
      const key = Buffer.from(random(masterKeyLength))
      const wrapped = await hsm.wrap(key, random)
      await noteMaster(db, { generation: 1, key, wrapped, now: deps.clock() })
      key.fill(0)
      // Another process may have been first.
      return hsm.unwrap((await knownMaster(db))?.wrapped ?? '')
    },
  }
}
