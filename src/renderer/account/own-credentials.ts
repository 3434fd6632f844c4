import { useQuery } from '@tanstack/react-query'
import { unwrap, useBridge } from '../bridge/index.ts'

/** What there is to know of one's own credentials. */
export function useOwnCredentials() {
  const bridge = useBridge()
  return useQuery({ queryKey: ['account'], queryFn: () => unwrap(bridge.accountOwn()) })
}
