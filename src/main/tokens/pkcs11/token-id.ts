import { createHash } from 'node:crypto'

/** What the ids of all tokens seen through one module begin with: who must sign is known without asking any library. */
export function moduleIdPrefix(modulePath: string): string {
  return `p11:${hash(modulePath).slice(0, 12)}:`
}

/** The id of a token: the same in any slot, at any time, on this machine. */
export function tokenId(modulePath: string, manufacturer: string, serial: string, label: string): string {
  return moduleIdPrefix(modulePath) + hash([manufacturer, serial, label].join('\0')).slice(0, 32)
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
