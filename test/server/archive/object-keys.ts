import { createSecretKey, randomBytes } from 'node:crypto'
import { type Keyring, protectionBy } from '../../../src/server/protection/index.ts'

const key = createSecretKey(randomBytes(32))
const keyring: Pick<Keyring, 'current' | 'of'> = {
  current: () => ({ generation: 1, key }),
  of: (_, generation) => (generation === 1 ? key : undefined),
}

/** What an archive's folder encrypts with, where there is no database beside it. */
export const objectKeys = protectionBy(keyring, randomBytes)
