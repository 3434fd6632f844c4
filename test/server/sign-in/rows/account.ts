import type { ErrorCode } from '../../../../src/shared/errors/index.ts'
import type { Signer } from '../../sign-in-client.ts'
import { by, hour, type Reader, type Row, type Stage } from '../stage.ts'

const newKey = async (stage: Stage): Promise<Signer> => {
  const key = await stage.gateway.hospital.issue({ commonName: 'new key', keyType: 'P-256' })
  return { ...key, algorithm: 'ECDSA-SHA256' }
}
const codeFor = async (stage: Stage, person: Reader) =>
  (await stage.gateway.accounts.createBindingCode(person.accountId, by)).code

/** A key that no account knows, with a code that is, or is not, its person's. */
const unbound = (
  name: string,
  code: ErrorCode | undefined,
  codeOf: (stage: Stage, person: Reader) => Promise<string | undefined>,
  facts = {},
): Row => ({
  name: `a key that no account knows, ${name}`,
  ...(code ? { code } : {}),
  async given(stage) {
    const person = await stage.person()
    const bindingCode = await codeOf(stage, person)
    const signer = await newKey(stage)
    return {
      act: () => stage.enter({ signer }, bindingCode ? { bindingCode } : {}),
      whose: person.accountId,
      facts,
    }
  },
})

/** A person with a good key whose account is not as it should be. */
const account = (name: string, code: ErrorCode, values: Parameters<Stage['set']>[1]): Row => ({
  name,
  code,
  async given(stage) {
    const person = await stage.person()
    await stage.set(person.accountId, values)
    return { act: () => stage.enter(person), audited: { fingerprint: person.fingerprint } }
  },
})

export const accountRows: Row[] = [
  account('a good key of a disabled account', 'account-disabled', { disabled: 1 }),
  account('a good key of an account without roles', 'account-not-authorised', { roles: '[]' }),

  unbound('without a code', 'account-unknown', async () => undefined, { mayBind: true }),
  unbound('with its person’s code', undefined, codeFor),
  unbound('with a code that is nobody’s', 'binding-code-invalid', async () => 'Z'.repeat(26)),
  unbound('with a code that is used', 'binding-code-invalid', async (stage, person) => {
    const bindingCode = await codeFor(stage, person)
    const used = await stage.enter({ signer: await newKey(stage) }, { bindingCode })
    if (used.status !== 200) throw new Error(used.body.code)
    return bindingCode
  }),
  unbound('with a code that a newer one made void', 'binding-code-invalid', async (stage, person) => {
    const bindingCode = await codeFor(stage, person)
    await codeFor(stage, person)
    return bindingCode
  }),
  unbound('with a code past its end', 'binding-code-invalid', async (stage, person) => {
    const bindingCode = await codeFor(stage, person)
    await stage.gateway.foundation.store.db
      .updateTable('binding_codes')
      .set({ expires_at: stage.clock() })
      .where('account_id', '=', person.accountId)
      .execute()
    return bindingCode
  }),
  unbound('with a code of a disabled account', 'account-disabled', async (stage, person) => {
    const bindingCode = await codeFor(stage, person)
    await stage.set(person.accountId, { disabled: 1 })
    return bindingCode
  }),
  unbound('with a code of an account without roles', 'account-not-authorised', async (stage, person) => {
    const bindingCode = await codeFor(stage, person)
    await stage.set(person.accountId, { roles: '[]' })
    return bindingCode
  }),
  {
    name: 'a key that is bound, with another person’s code: it stays its own person’s, and the code is not used up',
    async given(stage) {
      const [person, another] = [await stage.person(), await stage.person()]
      const bindingCode = await codeFor(stage, another)
      return {
        act: () => stage.enter(person, { bindingCode }),
        whose: person.accountId,
        async afterwards() {
          const { signer } = { signer: await newKey(stage) }
          const later = await stage.enter({ signer }, { bindingCode }, await stage.workstation())
          if (later.body.session?.accountId !== another.accountId) throw new Error('the code was used up')
        },
      }
    },
  },
  {
    name: 'a key whose binding was revoked, with a good code',
    code: 'certificate-revoked',
    async given(stage) {
      const person = await stage.person()
      await stage.gateway.accounts.revokeCertificate(person.fingerprint, 'lost', by)
      const bindingCode = await codeFor(stage, person)
      return { act: () => stage.enter(person, { bindingCode }) }
    },
  },
  {
    name: 'an untrusted key with a good code, which is not used up',
    code: 'certificate-expired',
    async given(stage) {
      const person = await stage.person()
      const bindingCode = await codeFor(stage, person)
      const notAfter = Math.floor(stage.clock() / 1000) * 1000 - hour
      const key = await stage.gateway.hospital.issue({ commonName: 'x', keyType: 'P-256', notAfter })
      const signer = { ...key, algorithm: 'ECDSA-SHA256' as const }
      return {
        act: () => stage.enter({ signer }, { bindingCode }),
        facts: { notAfter },
        async afterwards() {
          const later = await stage.enter({ signer: await newKey(stage) }, { bindingCode })
          if (later.status !== 200) throw new Error('the code was used up')
        },
      }
    },
  },
]
