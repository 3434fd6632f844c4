import { createPrivateKey, X509Certificate } from 'node:crypto'
import { z } from 'zod'
import type { Vault } from './index.ts'

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
  /** The CAs that the gateway is trusted by, one after another. */
  gatewayCa: z.string().min(1),
})
export type WorkstationIdentity = z.infer<typeof WorkstationIdentity>

/** An identity and where it lies. The higher `sequence` was written later. */
export interface StoredIdentity {
  slot: Slot
  sequence: number
  identity: WorkstationIdentity
}

/**
 * An identity is four entries: a Windows credential holds 2560 bytes, too few for the key and the certificates together.
 * There are two slots, so that a new identity is written beside the one in use and never over it: whenever the process is
 * killed, one of them is whole. Which is newer, the entry with the key says; it is written last and removed first.
 */
const slots = {
  first: {
    key: 'workstation',
    certificate: 'workstation-certificate',
    issuer: 'workstation-issuer',
    gatewayCa: 'gateway-ca',
  },
  second: {
    key: 'workstation-2',
    certificate: 'workstation-certificate-2',
    issuer: 'workstation-issuer-2',
    gatewayCa: 'gateway-ca-2',
  },
} as const
type Slot = keyof typeof slots
const slotNames = Object.keys(slots) as Slot[]

const Facts = z.looseObject({ sequence: z.int().nonnegative().default(0) })

/** The identities that are whole, the newest first; none where this workstation is not enrolled. */
export async function readIdentities(vault: Vault): Promise<StoredIdentity[]> {
  const found: StoredIdentity[] = []
  for (const slot of slotNames) {
    const stored = await readSlot(vault, slot)
    if (stored) found.push(stored)
  }
  return found.sort((a, b) => b.sequence - a.sequence)
}

/** The newest that is whole; null where this workstation is not enrolled. */
export async function readIdentity(vault: Vault): Promise<WorkstationIdentity | null> {
  return (await readIdentities(vault))[0]?.identity ?? null
}

/**
 * Writes an identity beside the one that is to be kept: `inUse`, or the newest. From the last write on it is the newest;
 * killed before, nothing has changed.
 */
export async function writeIdentity(
  vault: Vault,
  identity: WorkstationIdentity,
  inUse?: Slot,
): Promise<StoredIdentity> {
  const stored = await readIdentities(vault)
  const keep = inUse ?? stored[0]?.slot ?? 'second'
  const slot = keep === 'first' ? 'second' : 'first'
  const sequence = (stored[0]?.sequence ?? 0) + 1
  const entries = slots[slot]
  const { certificate, issuer, gatewayCa, ...facts } = identity
  await vault.remove(entries.key)
  await vault.write(entries.certificate, certificate)
  await vault.write(entries.issuer, issuer)
  await vault.write(entries.gatewayCa, gatewayCa)
  await vault.write(entries.key, JSON.stringify({ ...facts, sequence }))
  return { slot, sequence, identity }
}

async function readSlot(vault: Vault, slot: Slot): Promise<StoredIdentity | null> {
  const entries = slots[slot]
  const facts = Facts.safeParse(parseJson((await vault.read(entries.key)) ?? ''))
  if (!facts.success) return null
  const { certificate, issuer, gatewayCa } = entries
  const pem = {
    certificate: await vault.read(certificate),
    issuer: await vault.read(issuer),
    gatewayCa: await vault.read(gatewayCa),
  }
  const identity = WorkstationIdentity.safeParse({ ...facts.data, ...pem })
  return identity.success && fits(identity.data)
    ? { slot, sequence: facts.data.sequence, identity: identity.data }
    : null
}

/** Whether the key is the certificate's: entries that something else changed are no identity. */
function fits({ key, certificate }: WorkstationIdentity): boolean {
  try {
    return new X509Certificate(certificate).checkPrivateKey(createPrivateKey(key))
  } catch {
    return false
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
