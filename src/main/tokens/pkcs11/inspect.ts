import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import type { TokenModule } from '../../../shared/ipc/index.ts'
import { buildsOf, fits, headerBytes } from './architecture.ts'
import type { AllowedModule } from './policy.ts'

/** Why a library must not or cannot be loaded into this process; null where nothing speaks against it. */
export async function inspectModule(
  module: AllowedModule,
  { platform, arch }: { platform: string; arch: string } = process,
): Promise<Extract<TokenModule['state'], 'missing' | 'wrong-hash' | 'wrong-architecture'> | null> {
  const content = await readFile(module.path).catch(() => null)
  if (!content) return 'missing'
  if (createHash('sha256').update(content).digest('hex') !== module.sha256) return 'wrong-hash'
  return fits(buildsOf(content.subarray(0, headerBytes)), platform, arch) ? null : 'wrong-architecture'
}
