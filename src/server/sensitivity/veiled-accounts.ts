import { isCleared, maskedStaffNumber, type Sensitivity } from '../../shared/access/index.ts'
import type { Handlers } from '../http/index.ts'

type Routes = 'accounts' | 'editAccount'

/** Accounts without the staff numbers that an officer sees masked; one that they left as they saw it stays as it was. */
export function veiledAccounts<H extends Handlers<Routes>>(
  handlers: H,
  deps: { label: () => Promise<Sensitivity> },
): H {
  return {
    ...handlers,
    async accounts(request: Parameters<H['accounts']>[0]) {
      const rows = await handlers.accounts(request)
      if (isCleared(request.principal.clearance, await deps.label())) return rows
      return rows.map((row) => ({ ...row, staffNumber: maskedStaffNumber(row.staffNumber) }))
    },
    async editAccount(request: Parameters<H['editAccount']>[0]) {
      const { principal, params, body } = request
      if (body.staffNumber === undefined || isCleared(principal.clearance, await deps.label()))
        return handlers.editAccount(request)
      const accounts = await handlers.accounts({ ...request, params: undefined, body: undefined })
      const known = accounts.find(({ id }) => id === params.id)?.staffNumber ?? ''
      const staffNumber = body.staffNumber === maskedStaffNumber(known) ? known : body.staffNumber
      return handlers.editAccount({ ...request, body: { ...body, staffNumber } })
    },
  }
}
