import type { ProtectionStatus } from '../../shared/api/protection.ts'
import type { Foundation } from '../foundation.ts'

/** Master key, generations and rotation, for the officers' page: codes, counts and times. */
export function createKeyStatus({
  store,
  config,
  keyring,
}: Pick<Foundation, 'store' | 'config' | 'keyring'>) {
  return async (): Promise<Pick<ProtectionStatus, 'masterKey' | 'keys' | 'rotation'>> => {
    const rows = await store.db
      .selectFrom('wrapped_keys')
      .selectAll()
      .orderBy('purpose')
      .orderBy('generation')
      .execute()
    const { fingerprint } = keyring.wrapping()
    const escrowed = await store.db
      .selectFrom('key_escrows')
      .selectAll()
      .where('fingerprint', '=', fingerprint)
      .orderBy('made_at', 'desc')
      .limit(1)
      .executeTakeFirst()
    const rotations = await store.db.selectFrom('key_rotations').selectAll().execute()
    const open = rotations.find(({ finished_at }) => finished_at === null)
    return {
      masterKey: {
        kind: config.masterKey.kind,
        fingerprint,
        escrowedAt: escrowed?.made_at ?? null,
        escrow: escrowed ? { shares: escrowed.shares, threshold: escrowed.threshold } : null,
      },
      keys: rows.map(({ purpose, generation, created_at, state }) => {
        const moving = open?.purpose === purpose && state === 'retiring'
        return {
          purpose,
          generation,
          createdAt: created_at,
          state,
          values: moving ? open.total - open.done : null,
        }
      }),
      rotation: open ? { done: open.done, total: open.total, startedAt: open.started_at } : null,
    }
  }
}
