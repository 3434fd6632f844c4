import { z } from 'zod'
import { VigilError } from '../../shared/errors/index.ts'
import type { RandomBytes } from '../../shared/time/clock.ts'

/** Secrets of this workstation in the operating system's credential vault. */
export interface Vault {
  /** @throws VigilError vault-unavailable */
  read(name: string): Promise<string | null>
  write(name: string, secret: string): Promise<void>
  remove(name: string): Promise<void>
}

/** What enrolment gave: who this workstation is, and which gateway it may talk to. Key and certificates in PEM. */
export const WorkstationIdentity = z.object({
  workstationId: z.string().min(1),
  gatewayId: z.string().min(1),
  name: z.string().min(1).max(40),
  host: z.string().min(1),
  apiPort: z.int().min(1).max(65_535),
  key: z.string().min(1),
  certificate: z.string().min(1),
  issuer: z.string().min(1),
  gatewayCa: z.string().min(1),
})
export type WorkstationIdentity = z.infer<typeof WorkstationIdentity>

/** One entry each: a Windows credential holds 2560 bytes, too few for the key and three certificates together. */
const identityEntry = 'workstation'
const pemEntries = {
  certificate: 'workstation-certificate',
  issuer: 'workstation-issuer',
  gatewayCa: 'gateway-ca',
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

/** Null where this workstation is not enrolled, or what is stored is not an identity. */
export async function readIdentity(vault: Vault): Promise<WorkstationIdentity | null> {
  const facts = parseJson((await vault.read(identityEntry)) ?? '')
  if (typeof facts !== 'object' || facts === null) return null
  const pem: Record<string, unknown> = {}
  for (const [field, entry] of Object.entries(pemEntries)) pem[field] = await vault.read(entry)
  const identity = WorkstationIdentity.safeParse({ ...facts, ...pem })
  return identity.success ? identity.data : null
}

/** The entry with the key is written last, so that an interrupted enrolment reads as none. */
export async function writeIdentity(vault: Vault, identity: WorkstationIdentity): Promise<void> {
  const { certificate, issuer, gatewayCa, ...facts } = identity
  await vault.remove(identityEntry)
  await vault.write(pemEntries.certificate, certificate)
  await vault.write(pemEntries.issuer, issuer)
  await vault.write(pemEntries.gatewayCa, gatewayCa)
  await vault.write(identityEntry, JSON.stringify(facts))
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

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
