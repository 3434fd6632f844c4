import { VigilError } from '../../shared/errors/index.ts'
import type { RandomBytes } from '../../shared/time/clock.ts'

export {
  readIdentities,
  readIdentity,
  type StoredIdentity,
  WorkstationIdentity,
  writeIdentity,
} from './identity.ts'

/** Secrets of this workstation in the operating system's credential vault. */
export interface Vault {
  /** @throws VigilError vault-unavailable */
  read(name: string): Promise<string | null>
  write(name: string, secret: string): Promise<void>
  remove(name: string): Promise<void>
}

const draftKeyEntry = 'draft-key'

/** keytar (libsecret, Keychain, Credential Manager). It is loaded at the first use, when the session bus is settled. */
export function keytarVault(service: string): Vault {
  const attempt = async <T>(use: (keytar: typeof import('keytar')) => Promise<T>): Promise<T> => {
    try {
      return await use((await import('keytar')).default)
    } catch (cause) {
      throw new VigilError('vault-unavailable', {}, { cause })
    }
  }
  return {
    read: (name) => attempt((keytar) => keytar.getPassword(service, name)),
    write: (name, secret) => attempt((keytar) => keytar.setPassword(service, name, secret)),
    remove: async (name) => void (await attempt((keytar) => keytar.deletePassword(service, name))),
  }
}

/** The key that local drafts are encrypted with; made at the first call. 32 bytes. */
export async function draftKey(vault: Vault, random: RandomBytes): Promise<Buffer> {
  const stored = await vault.read(draftKeyEntry)
  const key = Buffer.from(stored ?? '', 'base64')
  if (key.length === 32) return key
  const fresh = Buffer.from(random(32))
  await vault.write(draftKeyEntry, fresh.toString('base64'))
  return fresh
}
