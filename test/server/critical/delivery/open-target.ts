import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type CriticalTarget, GatewayConfig } from '../../../../src/server/config/index.ts'
import { openAdapter } from '../../../../src/server/critical/delivery/open-adapter.ts'

/** A target as the configuration makes it. */
export function aTarget(target: object): CriticalTarget {
  return GatewayConfig.parse({ criticalTargets: [{ name: 'his', ...target }] }).criticalTargets[0]!
}

/** The adapter that the product makes of it. */
export function anAdapter(target: object) {
  return openAdapter(aTarget(target), { clock: Date.now })
}

/** A directory with these files in it, as the data directory has them. */
export async function filesWith(files: Record<string, string>) {
  const dir = await mkdtemp(join(tmpdir(), 'vigil-target-'))
  for (const [name, content] of Object.entries(files))
    await writeFile(join(dir, name), content, { mode: 0o600 })
  return {
    dir,
    at: (name: string) => join(dir, name),
    remove: () => rm(dir, { recursive: true, force: true }),
  }
}
