import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { CertificateRow } from '../../../src/shared/api/index.ts'
import { by, type OfficersAtWork, officersAtWork } from './officers.ts'

const day = 86_400_000

let at: OfficersAtWork
beforeAll(async () => {
  at = await officersAtWork()
})
afterAll(() => at.gateway.close())

const certificates = async (): Promise<CertificateRow[]> => (await at.security.call('certificates')).body

describe('the certificates', () => {
  it('are all there: people, workstations, the gateway, its CAs, the hospital’s, and the lists', async () => {
    const rows = await certificates()
    expect(new Set(rows.map(({ kind }) => kind))).toEqual(
      new Set([
        'person',
        'workstation',
        'gateway-server',
        'gateway-ca',
        'workstation-ca',
        'session-ca',
        'user-ca',
        'crl',
      ]),
    )
    for (const row of rows) {
      expect(row.fingerprint).toMatch(/^[0-9a-f]{64}$/)
      expect(row.subject).not.toBe('')
      expect(row.notBefore).toBeLessThan(row.notAfter)
    }
    expect(rows.find(({ kind }) => kind === 'user-ca')).toMatchObject({
      subject: 'CN=Hospital CA',
      state: 'good',
    })
    expect(rows.find(({ fingerprint }) => fingerprint === at.security.fingerprint)).toMatchObject({
      kind: 'person',
      owner: '姓名 zhou.hai',
      subject: 'CN=zhou.hai',
      issuer: 'CN=Hospital CA',
      state: 'good',
    })
  })

  it('say of each person’s where it stands', async () => {
    const { gateway } = at
    const now = Date.now()
    const stateOf = async (fingerprint: string) =>
      (await certificates()).find((row) => row.fingerprint === fingerprint)?.state
    const soon = await gateway.person('ends.soon', { certificate: { notAfter: now + 29 * day } })
    const later = await gateway.person('ends.later', { certificate: { notAfter: now + 31 * day } })
    const gone = await gateway.person('is.gone', { certificate: { notAfter: now - day } })
    const withdrawn = await gateway.person('is.withdrawn')
    const listed = await gateway.person('is.listed')
    const damaged = await gateway.person('is.damaged')
    await gateway.accounts.revokeCertificate(withdrawn.fingerprint, 'lost', by)
    await gateway.revoke([listed.serialNumber])
    await gateway.foundation.store.db
      .updateTable('account_certificates')
      .set({ sealed_certificate: 'v1.nonsense' })
      .where('fingerprint', '=', damaged.fingerprint)
      .execute()
    expect(await stateOf(soon.fingerprint)).toBe('ends-soon')
    expect(await stateOf(later.fingerprint)).toBe('good')
    expect(await stateOf(gone.fingerprint)).toBe('expired')
    expect(await stateOf(withdrawn.fingerprint)).toBe('revoked')
    expect(await stateOf(listed.fingerprint)).toBe('revoked')
    const unknown = (await certificates()).find((row) => row.fingerprint === damaged.fingerprint)
    expect(unknown).toMatchObject({ state: 'unknown', owner: '姓名 is.damaged', subject: '', notAfter: 0 })
  })

  it('are for the security officer', async () => {
    expect(await at.administrator.call('certificates')).toMatchObject({ body: { code: 'permission-denied' } })
  })
})
