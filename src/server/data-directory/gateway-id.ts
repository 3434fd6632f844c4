import { readFile } from 'node:fs/promises'
import type { DataDirectory } from './paths.ts'

/**
 * The gateway's own stable id, made by `vigil init` and bound into every signature.
 * @throws Error naming the file where it is missing or not an id.
 */
export async function readGatewayId(paths: DataDirectory): Promise<string> {
  const id = await readFile(paths.gatewayId, 'utf8').catch(() => '')
  if (/^gw-[0-9a-f]{16}\n$/.test(id)) return id.trim()
  throw new Error(`${paths.gatewayId}: no gateway id; was this directory made by vigil init?`)
}
