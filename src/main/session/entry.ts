import { VigilError } from '../../shared/errors/index.ts'
import type { TokenSigner } from '../channel/index.ts'
import type { TokenDriver } from '../tokens/index.ts'
import type { Ended, SignedIn } from './signed-in.ts'

/** One sign-in or unlock at a time, from its first byte to its outcome. */
export interface Entry {
  /**
   * Does `work` while no other entry may run. Where `replaced` is a session that is about to give way, its own end is kept
   * until the outcome, and then handed to `onOver`.
   * @throws VigilError conflict (facts reason: 'busy') where another is under way
   */
  alone<T>(replaced: SignedIn | null, work: () => Promise<T>): Promise<T>
  /** True where the session is about to give way: that it is over is told once the outcome is there. */
  keeps(session: SignedIn, how: Ended): boolean
}

interface UnderWay {
  replaced: SignedIn | null
  over: Ended | null
}

export function createEntry(onOver: (session: SignedIn, how: Ended) => Promise<void>): Entry {
  let underWay: UnderWay | null = null

  return {
    async alone(replaced, work) {
      if (underWay) throw new VigilError('conflict', { reason: 'busy' })
      const mine: UnderWay = { replaced, over: null }
      underWay = mine
      try {
        return await work()
      } finally {
        underWay = null
        if (replaced && mine.over) await onOver(replaced, mine.over)
      }
    },
    keeps(session, how) {
      if (underWay?.replaced !== session) return false
      underWay.over = how
      return true
    },
  }
}

/** Lends `use` the token for as long as it lasts; the PIN's bytes are wiped whatever happens. */
export async function withPin<T>(
  tokens: Pick<TokenDriver, 'sign'>,
  args: { tokenId: string; certificateId?: string | undefined; pin: string },
  use: (sign: TokenSigner) => Promise<T>,
): Promise<T> {
  const pin = Buffer.from(args.pin, 'utf8')
  const { tokenId, certificateId } = args
  try {
    return await use((statement) => tokens.sign({ tokenId, certificateId, pin, statement }))
  } finally {
    pin.fill(0)
  }
}
