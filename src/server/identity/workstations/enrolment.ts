import { randomUUID } from 'node:crypto'
import type { EnrolRequest, EnrolResponse } from '../../../shared/api/index.ts'
import { VigilError } from '../../../shared/errors/index.ts'
import type { RandomBytes } from '../../../shared/time/clock.ts'
import type { AuditEntry } from '../../audit/index.ts'
import type { Foundation } from '../../foundation.ts'
import type { Authorities } from '../../pki/index.ts'
import { whole } from '../../store/index.ts'

const defaultLifetimeMs = 15 * 60_000
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const codeLength = 26

/** One-time enrolment codes. The CLI needs no more than these. */
export interface EnrolmentCodes {
  /** A code to hand out; it is shown this once and stored only as a keyed index. */
  create(by: AuditEntry['actor'], lifetimeMs?: number): Promise<{ code: string; expiresAt: number }>
  /** Whether an unused, unexpired code exists. */
  outstanding(): Promise<boolean>
}

export function createEnrolmentCodes(foundation: Foundation): EnrolmentCodes {
  const { store, protection, audit, clock, random } = foundation
  return {
    async create(by, lifetimeMs = defaultLifetimeMs) {
      const code = crockford(random)
      const now = clock()
      const expiresAt = now + lifetimeMs
      await store.transaction(async (trx) => {
        await trx
          .insertInto('enrolment_codes')
          .values({
            code_index: codeIndex(protection, code),
            created_at: now,
            expires_at: expiresAt,
            used_at: null,
            workstation_id: null,
          })
          .execute()
        await audit.append(trx, {
          action: 'workstation.code-created',
          outcome: 'success',
          actor: by,
          detail: { expiresAt },
        })
      })
      return { code, expiresAt }
    },
    async outstanding() {
      const row = await store.db
        .selectFrom('enrolment_codes')
        .select('code_index')
        .where('used_at', 'is', null)
        .where('expires_at', '>', clock())
        .executeTakeFirst()
      return row !== undefined
    },
  }
}

/**
 * Enrols a workstation: its code is used up, its certificate issued and its row written together or not at all.
 * @returns a function that throws VigilError `enrolment-code-invalid`, or `bad-request` for a request that proves no P-256
 * key; the code stays good then.
 */
export function createEnrol(
  foundation: Foundation,
  deps: { authorities: Authorities; apiPort(): number },
): (request: EnrolRequest, address: string) => Promise<EnrolResponse> {
  const { store, protection, audit, clock, gatewayId, policies } = foundation
  return async (request, address) => {
    const index = codeIndex(protection, request.code)
    const id = randomUUID()
    try {
      await mustBeOpen(foundation, index)
      const issued = await deps.authorities.issueWorkstation(Buffer.from(request.csr, 'base64'), {
        id,
        name: request.name,
        days: policies.current().workstation.certificateDays,
      })
      await store.transaction(async (trx) => {
        await trx
          .insertInto('workstations')
          .values({
            id,
            name: request.name,
            certificate_fingerprint: issued.fingerprint,
            certificate_expires_at: issued.notAfter,
            enrolled_at: clock(),
            revoked_at: null,
            suspended_at: null,
            last_seen_at: null,
            next_fingerprint: null,
            next_expires_at: null,
            certificate_issued_at: clock(),
            next_issued_at: null,
            certificate_generation: issued.generation,
            next_generation: null,
            gateway_ca_generation: deps.authorities.generations['gateway-ca'].issuing,
          })
          .execute()
        // The condition decides between two that come with the same code; the loser's row goes with its transaction.
        const used = await trx
          .updateTable('enrolment_codes')
          .set({ used_at: clock(), workstation_id: id })
          .where('code_index', '=', index)
          .where('used_at', 'is', null)
          .where('expires_at', '>', clock())
          .executeTakeFirst()
        if (used.numUpdatedRows !== 1n) throw new VigilError('enrolment-code-invalid')
        await audit.append(trx, {
          action: 'workstation.enrolled',
          outcome: 'success',
          actor: { kind: 'workstation', id, address },
          object: { kind: 'workstation', id },
          detail: { certificate: issued.fingerprint, expiresAt: issued.notAfter },
        })
      })
      return {
        workstationId: id,
        gatewayId,
        certificate: issued.pem,
        issuer: issued.issuer,
        gatewayCa: deps.authorities.gatewayCa,
        apiPort: deps.apiPort(),
      }
    } catch (error) {
      if (!(error instanceof VigilError)) throw error
      await audit.record({
        action: 'workstation.enrol-refused',
        outcome: 'refused',
        actor: { kind: 'workstation', id: '', address },
        detail: { code: error.code },
      })
      throw error
    }
  }
}

async function mustBeOpen({ store, clock }: Foundation, index: string): Promise<void> {
  const row = await whole(store.db)
    .selectFrom('enrolment_codes')
    .select('code_index')
    .where('code_index', '=', index)
    .where('used_at', 'is', null)
    .where('expires_at', '>', clock())
    .executeTakeFirst()
  if (!row) throw new VigilError('enrolment-code-invalid')
}

function codeIndex(protection: Foundation['protection'], code: string): string {
  return protection.blindIndex('enrolment-code', code)
}

/** 26 characters of Crockford's base32: 130 bits, without I, L, O and U, which are misread. */
function crockford(random: RandomBytes): string {
  return Array.from(random(codeLength), (byte) => alphabet[byte % 32]).join('')
}
