import type { SignInRequest } from '../../shared/api/index.ts'
import { VigilError } from '../../shared/errors/index.ts'
import type { Foundation } from '../foundation.ts'
import type { Seen } from './attempts.ts'
import type { Credentials, CurrentPassword, Holder, Passwords, PreparedChange } from './credentials/index.ts'

type Entered = Pick<SignInRequest, 'password' | 'newPassword'>

/**
 * The password beside the certificate, where the policy asks for one. Asked only of somebody whose token is proven.
 * @returns a function that gives the change to write with the session, or null; it throws VigilError `locked-out`,
 * `password-not-set {mayChoose}`, `password-required`, `password-wrong`, `password-change-required`, `password-unacceptable`.
 */
export function createPasswordStep(
  { policies }: Foundation,
  { passwords, lockouts }: Pick<Credentials, 'passwords' | 'lockouts'>,
): (entered: Entered, holder: Holder, workstationId: string, seen: Seen) => Promise<PreparedChange | null> {
  return async (entered, holder, workstationId, seen) => {
    if (policies.current().signIn.factors === 'certificate') return null
    // Its one task comes before anybody could have given it a password.
    if (holder.roles.includes('bootstrap-administrator')) return null
    seen.factor = 'certificate-and-password'
    const suspects = { loginIndex: holder.loginIndex, workstationId }
    await lockouts.mustBeOpen(suspects)
    const current = await passwords.current(holder.accountId)
    if (!current) return firstPassword(holder, entered.newPassword)
    const { password } = entered
    if (password === undefined) throw new VigilError('password-required')
    const verdict = await lockouts.attempt(suspects, () => passwords.verify(holder.accountId, password))
    if (!verdict.good) {
      if (verdict.lockedUntil !== null) seen.lockedUntil = verdict.lockedUntil
      throw new VigilError('password-wrong')
    }
    return changeIfDue(passwords, current, holder, entered.newPassword)
  }

  /**
   * Who never had a password chooses it now, on the word of the key: where a policy that asks for one is new, nobody has one,
   * not even the officer who could give it. Who had one that has ended asks the officer.
   */
  async function firstPassword(holder: Holder, newPassword: string | undefined): Promise<PreparedChange> {
    const mayChoose = await passwords.isNew(holder.accountId)
    if (!mayChoose || newPassword === undefined) throw new VigilError('password-not-set', { mayChoose })
    return passwords.prepareChange(holder, newPassword)
  }
}

/**
 * For a password that was right: the change that must be made before it opens anything, or null where none is due.
 * @throws VigilError `password-change-required {why}` without a new one, `password-unacceptable`.
 */
export async function changeIfDue(
  passwords: Passwords,
  current: CurrentPassword,
  holder: Holder,
  newPassword: string | undefined,
): Promise<PreparedChange | null> {
  const why = passwords.changeDue(current)
  if (why === null) return null
  if (newPassword === undefined) throw new VigilError('password-change-required', { why })
  return passwords.prepareChange(holder, newPassword)
}
