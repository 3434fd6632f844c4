import { createPrivateKey, X509Certificate } from 'node:crypto'
import { VigilError } from '../../shared/errors/index.ts'
import type { Clock } from '../../shared/time/clock.ts'
import { certificateRequest, enrol, type Gateway, type GatewayStatus, newKey } from '../channel/index.ts'
import type { Log } from '../log.ts'
import {
  readIdentities,
  type StoredIdentity,
  type Vault,
  type WorkstationIdentity,
  writeIdentity,
} from '../vault/index.ts'
import { followingTrust } from './trust.ts'

const firstRetryMs = 30_000
const longestRetryMs = 3_600_000

/** Who this workstation is to its gateway: enrolment, and what keeps it enrolled. */
export interface Enrolment {
  /** The identity in the vault; null where there is none. @throws VigilError vault-unavailable */
  load(): Promise<WorkstationIdentity | null>
  /** @throws VigilError of enrolment, the channel and the vault */
  enrol(ticket: string, name: string): Promise<WorkstationIdentity>
  /**
   * What the gateway said: follows it to another CA, and renews the certificate where it is asked to. Sessions go on.
   * What fails is logged and tried again at a later status, the later the more often it failed. Never throws.
   */
  onStatus(gateway: Gateway, status: GatewayStatus): Promise<void>
  /**
   * The gateway does not know the identity in use. @returns the one that was in use before it, once, where there is one:
   * a gateway that was restored from a backup may know that.
   */
  fallBack(): WorkstationIdentity | null
}

export function createEnrolment(options: { vault: Vault; clock: Clock; log: Log }): Enrolment {
  const { vault, clock, log } = options
  let inUse: StoredIdentity | null = null
  let before: StoredIdentity | null = null
  let working = false
  let failures = 0
  let notBefore = Number.NEGATIVE_INFINITY

  /** To the vault first: from then on the gateway may see the new identity, and a restart finds it. */
  async function take(gateway: Gateway, identity: WorkstationIdentity): Promise<void> {
    before = inUse
    inUse = await writeIdentity(vault, identity, inUse?.slot)
    await gateway.adopt(identity)
  }

  async function followTrust(gateway: Gateway, identity: WorkstationIdentity, announced: string[]) {
    const gatewayCa = followingTrust(identity.gatewayCa, announced)
    if (gatewayCa === null) return
    await take(gateway, { ...identity, gatewayCa })
    // Tells the gateway that they are kept: it changes to another CA only once every workstation has it.
    await gateway.check()
    log.info('gateway-cas-changed')
  }

  async function renew(gateway: Gateway, identity: WorkstationIdentity): Promise<void> {
    const key = newKey()
    const answer = await gateway.renew(certificateRequest(key, identity.workstationId))
    const renewed = { ...identity, key, ...answer }
    if (!isCertificateOf(renewed)) throw new VigilError('gateway-protocol', { reason: 'certificate' })
    await take(gateway, renewed)
    // The first use makes it the certificate; until then the one before is good as well.
    await gateway.check()
    log.info('certificate-renewed')
  }

  return {
    async load() {
      ;[inUse = null, before = null] = await readIdentities(vault)
      return inUse?.identity ?? null
    },
    async enrol(ticket, name) {
      inUse = await writeIdentity(vault, await enrol(ticket, name))
      before = null
      return inUse.identity
    },
    async onStatus(gateway, status) {
      if (!inUse || working || clock() < notBefore) return
      working = true
      try {
        await followTrust(gateway, inUse.identity, status.gatewayCas)
        if (status.renewCertificate) await renew(gateway, inUse.identity)
        failures = 0
      } catch (error) {
        log.failure('certificate-renewal', error)
        notBefore = clock() + Math.min(firstRetryMs * 2 ** failures, longestRetryMs)
        failures += 1
      } finally {
        working = false
      }
    },
    fallBack() {
      const other = before
      before = null
      if (!other || !inUse || !isAnotherOf(inUse.identity, other.identity)) return null
      inUse = other
      return inUse.identity
    },
  }
}

/** Another certificate of the same workstation of the same gateway. */
function isAnotherOf(one: WorkstationIdentity, other: WorkstationIdentity): boolean {
  const same = one.workstationId === other.workstationId && one.gatewayId === other.gatewayId
  return same && one.certificate !== other.certificate
}

/** Whether the certificate is for the key and for this workstation. */
function isCertificateOf({ certificate, key, workstationId }: WorkstationIdentity): boolean {
  try {
    const parsed = new X509Certificate(certificate)
    const named = parsed.subjectAltName === `URI:urn:vigil:workstation:${workstationId}`
    return named && parsed.checkPrivateKey(createPrivateKey(key))
  } catch {
    return false
  }
}
