import type { SecurityPolicy } from '../policy/index.ts'
import { guessableUnits } from './guessable-units.ts'

/** What is wrong with a password, as `password-unacceptable` names it; `reused` only the gateway can tell. */
export type PasswordFault = 'too-short' | 'too-few-classes' | 'weak' | 'contains-name'

/** By what the password's owner is known, none of which belongs into it. What is empty is not looked for. */
export interface PasswordOwner {
  loginName: string
  displayName: string
  staffNumber: string
}

/** A password that guessers need no more than these many words, dates and single characters for is weak. */
const fewestUnits = 6

/**
 * One writing of what is typed: full-width letters and other forms of an input method are those of the keyboard (Unicode
 * NFKC). Rules look at it and hashes are made of it, so that a password fits wherever it is typed.
 */
export function normalisedPassword(password: string): string {
  return password.normalize('NFKC')
}

/** Everything that is wrong with a new password; empty where it may be set. Length is in characters (code points). */
export function passwordFaults(
  password: string,
  rules: Pick<SecurityPolicy['password'], 'minLength' | 'minClasses'>,
  owner: PasswordOwner,
): PasswordFault[] {
  const text = normalisedPassword(password)
  const faults: PasswordFault[] = []
  if ([...text].length < rules.minLength) faults.push('too-short')
  if (classesOf(text) < rules.minClasses) faults.push('too-few-classes')
  if (namesOf(owner).some((name) => contains(text, name))) faults.push('contains-name')
  if (guessableUnits(text) < fewestUnits) faults.push('weak')
  return faults
}

/** How many of lower case, upper case, digits and other characters there are. */
export function classesOf(text: string): number {
  const classes = [/\p{Ll}/u, /\p{Lu}/u, /\p{Nd}/u, /[^\p{Ll}\p{Lu}\p{Nd}]/u]
  return classes.filter((characters) => characters.test(text)).length
}

/** Names long enough that to find one in a password is no accident: two characters of Chinese, three of Latin. */
function namesOf({ loginName, displayName, staffNumber }: PasswordOwner): string[] {
  const parts = [
    loginName,
    ...loginName.split(/[._-]/),
    staffNumber,
    displayName,
    ...displayName.split(/[\s·]+/),
  ]
  return parts
    .map((part) => normalisedPassword(part).toLowerCase())
    .filter((part) => part.length >= (/\p{Script=Han}/u.test(part) ? 2 : 3))
}

function contains(text: string, name: string): boolean {
  const lower = text.toLowerCase()
  return lower.includes(name) || lower.includes([...name].reverse().join(''))
}
