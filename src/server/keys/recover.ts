import { combine } from 'shamir-secret-sharing'
import { masterFingerprint } from '../protection/index.ts'
import { type PaperShare, PaperShareError, readShare } from './paper-share.ts'

/**
 * The master key from its paper shares: lines as they were typed, shares after one another, in any order; empty lines and what does
 * not begin with a line's number do not matter.
 * @throws PaperShareError naming the share and the line that is mistyped, or what is missing
 */
export async function recover(typed: string): Promise<{ key: Buffer; fingerprint: string; used: number[] }> {
  const blocks = shareBlocks(typed)
  const shares = new Map<number, PaperShare>()
  for (const [index, lines] of blocks.entries()) {
    const share = read(lines, index + 1)
    shares.set(share.number, share)
  }
  const [first] = shares.values()
  if (!first) throw new PaperShareError('no share was typed')
  const { fingerprint, threshold } = first
  for (const share of shares.values())
    if (share.fingerprint !== fingerprint)
      throw new PaperShareError(
        `share ${share.number} is of another key (${share.fingerprint}, not ${fingerprint})`,
      )
  if (shares.size < threshold)
    throw new PaperShareError(`${shares.size} of the ${threshold} shares that are needed were typed`)
  const used = [...shares.values()].slice(0, threshold)
  const key = Buffer.from(await combine(used.map(({ bytes }) => new Uint8Array(bytes))))
  if (masterFingerprint(key) !== fingerprint)
    throw new PaperShareError('the shares are not of one split: papers of different dates were mixed')
  return { key, fingerprint, used: used.map(({ number }) => number) }
}

function read(lines: readonly string[], place: number): PaperShare {
  try {
    return readShare(lines)
  } catch (error) {
    if (error instanceof PaperShareError)
      throw new PaperShareError(`share ${place} as typed: ${error.message}`)
    throw error
  }
}

/** A share begins with each line that is numbered 1. */
function shareBlocks(typed: string): string[][] {
  const blocks: string[][] = []
  for (const line of typed.split(/\r?\n/)) {
    if (!/^\s*[1-9]\s/.test(line)) continue
    if (/^\s*1\s/.test(line)) blocks.push([])
    blocks.at(-1)?.push(line.replace(/^\s*[1-9]\s+/, ''))
  }
  return blocks
}
