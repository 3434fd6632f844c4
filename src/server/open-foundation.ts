import { randomBytes } from 'node:crypto'
import { chmod, open } from 'node:fs/promises'
import type { Logger } from 'pino'
import type { Clock } from '../shared/time/clock.ts'
import { createAlarms } from './alarms/index.ts'
import { createAuditTrail, indexOlderRecords } from './audit/index.ts'
import { readConfig } from './config/index.ts'
import { type DataDirectory, readGatewayId } from './data-directory/index.ts'
import type { Foundation } from './foundation.ts'
import { sealRows } from './integrity/index.ts'
import { sealSigners } from './keys/index.ts'
import { openPolicies } from './policy/index.ts'
import { IntegrityError, masterKeySource, openKeyring, protectionBy } from './protection/index.ts'
import { openStore } from './store/index.ts'

/**
 * Opens what every capability stands on, from a data directory; for the gateway and for each CLI command.
 * @throws Error naming the file where one is missing, wrong or too widely readable.
 */
export async function openFoundation(
  paths: DataDirectory,
  deps: { clock: Clock; log: Logger },
): Promise<Foundation> {
  const gatewayId = await readGatewayId(paths)
  const config = await readConfig(paths.config, paths.root)
  // Before the database is opened: its journal and index files take their mode from it.
  await (await open(paths.database, 'a', 0o600)).close()
  await chmod(paths.database, 0o600)
  const store = await openStore(paths.database)
  const { clock } = deps
  const random = randomBytes
  const { db, wrappedKeys } = store
  const source = masterKeySource(config.masterKey, {
    db,
    file: paths.masterKey,
    env: process.env,
    clock,
    random,
  })
  try {
    const masterKey = await source.read()
    const keyring = await openKeyring({
      db,
      masterKey,
      clock,
      random,
      wrappedKeys,
      masterKeyAgain: source.read,
    })
    masterKey.fill(0)
    const protection = protectionBy(keyring, random)
    await sealSigners(store, protection)
    const adopted = await sealRows({ store, protection })
    const audit = createAuditTrail({ store, protection, clock })
    await indexOlderRecords({ store, protection, audit })
    const alarms = createAlarms({ ...deps, store, audit, random: randomBytes })
    if (adopted.size > 0)
      await audit.record({
        action: 'integrity.rows-sealed',
        outcome: 'success',
        actor: { kind: 'gateway', id: 'gateway' },
        detail: { tables: Object.fromEntries(adopted) },
      })
    const policies = await openPolicies({
      ...deps,
      store,
      protection,
      audit,
      starting: config.startingPolicy,
    })
    return {
      ...deps,
      gatewayId,
      config,
      store,
      protection,
      keyring,
      readMasterKey: source.read,
      audit,
      alarms,
      policies,
      random,
    }
  } catch (error) {
    await store.close()
    if (error instanceof IntegrityError && error.place.table !== 'wrapped_keys')
      throw new Error(`${paths.database}: ${error.message}`)
    if (error instanceof IntegrityError)
      throw new Error(`${source.name}: not the key of ${paths.database}, or the keys in that were changed`)
    throw error
  }
}
