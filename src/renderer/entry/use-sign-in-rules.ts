import { useEffect, useState } from 'react'
import type { SignInRules } from '../../shared/api/index.ts'
import { unwrap, useBridge, useBridgeEvent } from '../bridge/index.ts'

/** What the gateway asks of a sign-in; null while it has not been reached. */
export function useSignInRules(): SignInRules | null {
  const bridge = useBridge()
  const [rules, setRules] = useState<SignInRules | null>(null)
  const [asked, ask] = useState(0)
  useBridgeEvent('gateway', () => ask((n) => n + 1))
  // biome-ignore lint/correctness/useExhaustiveDependencies: asked anew whenever the gateway comes or goes
  useEffect(() => {
    let live = true
    unwrap(bridge.workstationSignInRules()).then(
      (answer) => live && answer && setRules(answer),
      () => undefined,
    )
    return () => {
      live = false
    }
  }, [bridge, asked])
  return rules
}
