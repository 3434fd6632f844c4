import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import { readFileSync, statSync } from 'node:fs'
import { refuseWiderThanOwner } from '../../../protection/index.ts'

/** Shorter keys can be guessed off-line from one request that was overheard. */
const shortestSecret = 32

/** `stale`: signed, but not now: an old request, or a clock that is off. */
export type SignatureVerdict = 'good' | 'missing' | 'wrong' | 'stale'

/**
 * Looks at `t=<epoch seconds>,v1=<hex HMAC-SHA256 of "<t>.<body>">`, the form that our own webhook messages are signed in.
 * Every key is tried, in constant time; the time is looked at last, so that only who has a key learns of it.
 */
export function verifySignature(
  header: string | undefined,
  body: Buffer,
  deps: { secrets: readonly string[]; now: number; toleranceMs: number },
): SignatureVerdict {
  if (header === undefined || header === '') return 'missing'
  const [, seconds = '', given = ''] = /^t=(\d{1,12}),v1=([0-9a-f]{64})$/.exec(header.trim()) ?? []
  if (given === '') return 'wrong'
  const claimed = Buffer.from(given, 'hex')
  let good = false
  for (const secret of deps.secrets) {
    const mac = createHmac('sha256', secret).update(`${seconds}.`).update(body).digest()
    if (timingSafeEqual(mac, claimed)) good = true
  }
  if (!good) return 'wrong'
  return Math.abs(deps.now - Number(seconds) * 1000) > deps.toleranceMs ? 'stale' : 'good'
}

/**
 * The keys of a file, one a line.
 * @throws Error naming the file where it is missing, readable by others, empty, or holds a key that is too short.
 */
export function readSecrets(file: string): string[] {
  const text = readPrivate(file)
  const secrets = text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '')
  if (secrets.length === 0) throw new Error(`${file}: empty`)
  if (secrets.some((secret) => secret.length < shortestSecret))
    throw new Error(`${file}: a key needs at least ${shortestSecret} characters`)
  return secrets
}

/** @throws Error naming the file where it is missing, readable by others, or empty. */
export function readPassword(file: string): string {
  const password = readPrivate(file).trim()
  if (password === '') throw new Error(`${file}: empty`)
  return password
}

/** HTTP Basic (RFC 7617), in UTF-8; compared by hash, so that neither length nor content shows in the time. */
export function verifyPassword(
  header: string | undefined,
  { username, password }: { username: string; password: string },
): boolean {
  const given = /^Basic ([A-Za-z0-9+/]+={0,2})$/i.exec(header ?? '')?.[1] ?? ''
  const hash = (bytes: Buffer) => createHash('sha256').update(bytes).digest()
  return timingSafeEqual(hash(Buffer.from(given, 'base64')), hash(Buffer.from(`${username}:${password}`)))
}

function readPrivate(file: string): string {
  try {
    refuseWiderThanOwner(file, statSync(file))
    return readFileSync(file, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') throw new Error(`${file}: missing`)
    throw error
  }
}
