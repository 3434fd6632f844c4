import type { Token } from '../../shared/ipc/index.ts'
import { unwrap, useBridge, useFollowedState } from '../bridge/index.ts'

/** The USB keys that are plugged in, live; null until the first answer. */
export function useTokens(): Token[] | null {
  const bridge = useBridge()
  return useFollowedState(
    'tokens',
    (event) => event.tokens,
    () => unwrap(bridge.tokensList()),
  )
}
