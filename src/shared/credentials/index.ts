export {
  normalisedPassword,
  type PasswordFault,
  type PasswordOwner,
  passwordFaults,
} from './password-rules.ts'
