import { Chain } from './chain.tsx'
import { Shipping } from './shipping.tsx'

/** That the records are all there and unchanged, and that copies of them are where nobody here can reach. */
export function Evidence() {
  return (
    <div className="audit-evidence" data-testid="audit-evidence">
      <Chain />
      <Shipping />
    </div>
  )
}
