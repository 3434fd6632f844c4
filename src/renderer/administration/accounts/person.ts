import { NewAccount } from '../../../shared/account/index.ts'

/** A person as they are typed in. */
export interface Person {
  loginName: string
  displayName: string
  staffNumber: string
}

export const nobody: Person = { loginName: '', displayName: '', staffNumber: '' }

/** What the gateway takes; null while something of it cannot be right. The staff number may be missing. */
export function personOf(typed: Person): NewAccount | null {
  const { staffNumber, ...rest } = typed
  const parsed = NewAccount.safeParse(staffNumber.trim() === '' ? rest : typed)
  return parsed.success ? parsed.data : null
}
