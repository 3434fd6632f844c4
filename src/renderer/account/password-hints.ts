import type { SignInRules } from '../../shared/api/index.ts'
import { type PasswordOwner, passwordFaults } from '../../shared/credentials/index.ts'
import type { Failure } from '../../shared/errors/index.ts'

export interface NewPasswordRules {
  minLength: number
  minClasses: number
  /** Null where it is not known. */
  history: number | null
}

/** What the assessment asks for at the least: true of every policy, and all that is known until the gateway says more. */
const floor: NewPasswordRules = { minLength: 8, minClasses: 2, history: null }

/** What a new password must be, as far as it is known: the gateway's rules, or what its last refusals have told. */
export function knownRules(rules: SignInRules | null, failure: Failure | null): NewPasswordRules {
  const facts = failure?.facts ?? {}
  const told = (name: keyof NewPasswordRules) => (typeof facts[name] === 'number' ? facts[name] : undefined)
  return {
    minLength: told('minLength') ?? rules?.newPassword.minLength ?? floor.minLength,
    minClasses: told('minClasses') ?? rules?.newPassword.minClasses ?? floor.minClasses,
    history: told('history') ?? rules?.newPassword.history ?? floor.history,
  }
}

export type PasswordHint = 'too-short' | 'too-few-classes' | 'contains-name' | 'weak'
export const passwordHints: readonly PasswordHint[] = [
  'too-short',
  'too-few-classes',
  'contains-name',
  'weak',
]

/** Which of the hints are met by what is typed so far. An empty field meets none. */
export function metHints(password: string, rules: NewPasswordRules, owner: PasswordOwner): PasswordHint[] {
  if (password === '') return []
  const faults: readonly string[] = passwordFaults(password, rules, owner)
  return passwordHints.filter((hint) => !faults.includes(hint))
}

/** What is wrong with the two fields before anything is asked; null where nothing is. */
export function newPasswordMistake(
  typed: { newPassword: string; newPasswordAgain: string },
  rules: NewPasswordRules,
  owner: PasswordOwner,
): 'missing' | 'rules' | 'differs' | null {
  if (typed.newPassword === '') return 'missing'
  if (metHints(typed.newPassword, rules, owner).length < passwordHints.length) return 'rules'
  return typed.newPassword === typed.newPasswordAgain ? null : 'differs'
}
