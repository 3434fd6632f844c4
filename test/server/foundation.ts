import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { createAlarms } from '../../src/server/alarms/index.ts'
import { createAuditTrail } from '../../src/server/audit/index.ts'
import { GatewayConfig } from '../../src/server/config/index.ts'
import type { Foundation } from '../../src/server/foundation.ts'
import { sealRows } from '../../src/server/integrity/index.ts'
import { openPolicies } from '../../src/server/policy/index.ts'
import { openKeyring, protectionBy } from '../../src/server/protection/index.ts'
import { openStore } from '../../src/server/store/index.ts'

/** A real foundation (SQLite file, keys, audit) in a directory of its own, with a clock that the test may move. */
export async function openTestFoundation(
  config: object = {},
  at: { dir?: string; masterKey?: Buffer; now?: number } = {},
) {
  const dir = at.dir ?? (await mkdtemp(join(tmpdir(), 'vigil-test-')))
  const time = { now: at.now ?? Date.UTC(2026, 10, 22, 8) }
  const masterKey = at.masterKey ?? randomBytes(32)
  const clock = () => time.now
  const store = await openStore(join(dir, 'vigil.db'))
  const { db, wrappedKeys } = store
  const random = randomBytes
  const keyring = await openKeyring({ db, masterKey, clock, random, wrappedKeys })
  const protection = protectionBy(keyring, random)
  await sealRows({ store, protection })
  const audit = createAuditTrail({ store, protection, clock })
  const parsed = GatewayConfig.parse(config)
  const log = pino({ level: 'silent' })
  const alarms = createAlarms({ store, audit, clock, random: randomBytes, log })
  const policies = await openPolicies({
    store,
    protection,
    audit,
    clock,
    log,
    starting: parsed.startingPolicy,
  })
  const foundation: Foundation = {
    config: parsed,
    policies,
    gatewayId: 'gateway-under-test',
    store,
    protection,
    keyring,
    audit,
    alarms,
    clock,
    random: randomBytes,
    log,
  }
  return {
    ...foundation,
    dir,
    masterKey,
    time,
    async close() {
      await store.close()
      await rm(dir, { recursive: true, force: true })
    },
  }
}
