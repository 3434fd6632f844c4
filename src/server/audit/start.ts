import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import type { Foundation } from '../foundation.ts'
import { IntegrityError } from '../protection/index.ts'
import { readDetail } from './detail.ts'

/**
 * Records that the gateway runs, by which version and which configuration, and whether that file is another than at the last
 * start: its hash, because the file names addresses, and keys' places.
 */
export async function recordStart(
  { store, protection, audit, gatewayId }: Pick<Foundation, 'store' | 'protection' | 'audit' | 'gatewayId'>,
  {
    version,
    configFile,
    evidence,
  }: {
    version: string
    configFile: string /** Fingerprint of the evidence signer's certificate. */
    evidence: string
  },
): Promise<void> {
  const config = createHash('sha256')
    .update(await readFile(configFile))
    .digest('hex')
  const last = await store.db
    .selectFrom('audit')
    .select(['seq', 'sealed_detail'])
    .where('action', '=', 'gateway.started')
    .where('outcome', '=', 'success')
    .orderBy('seq', 'desc')
    .limit(1)
    .executeTakeFirst()
  const before = last && configIn(() => readDetail(protection, last).detail)
  await audit.record({
    action: 'gateway.started',
    outcome: 'success',
    actor: { kind: 'gateway', id: gatewayId },
    detail: {
      version,
      config,
      evidence,
      ...(before !== undefined && before !== config ? { configBefore: before } : {}),
    },
  })
}

/** Undefined also where that record is damaged, which verification tells. */
function configIn(detail: () => Record<string, unknown>): string | undefined {
  try {
    const { config } = detail()
    return typeof config === 'string' ? config : undefined
  } catch (error) {
    if (error instanceof IntegrityError) return undefined
    throw error
  }
}
