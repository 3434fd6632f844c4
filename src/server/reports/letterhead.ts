import { readFileSync } from 'node:fs'
import type { api, RouteResponse } from '../../shared/api/index.ts'
import type { GatewayConfig } from '../config/index.ts'
import { pngSize } from './png.ts'

export type Letterhead = RouteResponse<(typeof api)['letterhead']>

const largestLogo = 200_000

/**
 * What stands at the head of a printed report, from the gateway's configuration; the logo is read once, at start.
 * @throws Error naming the file where the logo cannot be read, is no PNG, or is too large.
 */
export async function readLetterhead({
  hospital,
  letterhead,
}: Pick<GatewayConfig, 'hospital' | 'letterhead'>): Promise<Letterhead> {
  const { logoFile, ...words } = letterhead
  return { hospital, ...words, logo: logoFile === undefined ? '' : await logoAt(logoFile) }
}

async function logoAt(path: string): Promise<string> {
  const file = readFileSync(path)
  if (file.length > largestLogo) throw new Error(`${path}: a logo has at most ${largestLogo} bytes`)
  await pngSize(file).catch((error: unknown) => {
    throw new Error(`${path}: not a PNG image that is taken (8 bits, not interlaced)`, { cause: error })
  })
  return `data:image/png;base64,${file.toString('base64')}`
}
