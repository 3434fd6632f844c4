import { hash, verify } from '@node-rs/argon2'
import { normalisedPassword } from '../../../shared/credentials/index.ts'
import { VigilError } from '../../../shared/errors/index.ts'

/** argon2id (the library's default algorithm) as OWASP asks for it: 19 MiB, two passes, one lane (RFC 9106). */
const cost = { memoryCost: 19_456, timeCost: 2, parallelism: 1 }

/** Password hashes. At most `together` are made at once and `waiting` wait, so that any number of callers takes bounded memory. */
export interface Hashing {
  /** Encoded, salted. @throws VigilError `too-many-requests` where too many are waiting. */
  hash(password: string): Promise<string>
  /** Takes as long where `encoded` is null, which no password fits. @throws as above. */
  verify(encoded: string | null, password: string): Promise<boolean>
}

export function createHashing(
  /** Of libuv's four threads two stay free for files. */
  { together = 2, waiting = 1000 }: { together?: number; waiting?: number } = {},
): Hashing {
  const turns = createTurns(together, waiting)
  /** What is verified in the place of a hash that there is none of: made by the same rules, before the first is asked for. */
  const nobodys = hash(crypto.randomUUID(), cost)
  return {
    hash: (password) => turns(() => hash(normalisedPassword(password), cost)),
    async verify(encoded, password) {
      const against = encoded ?? (await nobodys)
      const fits = await turns(() => verify(against, normalisedPassword(password)))
      return fits && encoded !== null
    },
  }
}

/** Runs what it is given, `together` at a time, first come first served. */
function createTurns(together: number, waiting: number): <T>(work: () => Promise<T>) => Promise<T> {
  let running = 0
  const queue: (() => void)[] = []
  return async (work) => {
    if (running >= together) {
      if (queue.length >= waiting) throw new VigilError('too-many-requests', { retryAfterMs: 5000 })
      // The turn is handed on, so that nobody who comes in between takes it.
      await new Promise<void>((resolve) => queue.push(resolve))
    } else running += 1
    try {
      return await work()
    } finally {
      const next = queue.shift()
      if (next) next()
      else running -= 1
    }
  }
}
