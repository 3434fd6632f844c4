export {
  normalisedPassword,
  type PasswordOwner,
  passwordFaults,
} from './password-rules.ts'
