import { createHospitalCa, type HospitalCa } from '../../../../demo/hospital-ca.ts'
import { certificateFrom, createAccounts } from '../../../../src/server/identity/index.ts'
import type { Role } from '../../../../src/shared/access/index.ts'
import { openTestFoundation } from '../../foundation.ts'

export const by = { kind: 'cli', id: 'test' } as const
export const as = (id: string) => ({ kind: 'account', id }) as const

let hospital: Promise<HospitalCa> | undefined

/** Accounts over a real store, with a hospital that issues keys. Its clock stands at the real time until it is moved. */
export async function peopleAtHand(config: object = {}) {
  hospital ??= createHospitalCa({ commonName: 'Hospital CA', now: Date.now() })
  const ca = await hospital
  const foundation = await openTestFoundation(config, { now: Date.now() })
  const accounts = createAccounts(foundation)
  let last = 0

  async function certificate(more: { notAfter?: number } = {}) {
    const key = await ca.issue({ commonName: 'key', keyType: 'P-256', ...more })
    return certificateFrom(key.certificateDer)
  }

  return {
    foundation,
    accounts,
    certificate,
    /** A person of these roles, without a key. */
    person(...roles: Role[]): Promise<string> {
      last += 1
      return accounts.create({ loginName: `person.${last}`, displayName: `人员${last}`, roles }, by)
    },
    /** A person of these roles with a key that is good until `notAfter`. */
    async keyHolder(roles: Role[], more: { notAfter?: number } = {}) {
      const id = await this.person(...roles)
      return { id, fingerprint: await accounts.bindCertificate(id, (await certificate(more)).der, by) }
    },
    /** The audit's records of what was done to this account, newest first. */
    async recorded(id: string) {
      const rows = await foundation.audit.tail()
      return rows.filter(({ object }) => object === `account:${id}`)
    },
  }
}
