import { randomBytes } from 'node:crypto'
import type { ErrorCode, ErrorFacts } from '../../../../src/shared/errors/index.ts'
import { signInStatement, unlockStatement } from '../../../../src/shared/signing/statement.ts'
import type { Channel } from '../../channel.ts'
import { totpCode, unlockFallback } from '../../fallback-client.ts'
import type { TestSession } from '../../gateway-harness.ts'
import { exporterOf, type Signer, sha256, tokenSign, unlock } from '../../sign-in-client.ts'
import { by, other, password, type Reader, type Row, type Stage } from '../stage.ts'

type Locked = Reader & Pick<TestSession, 'id' | 'channel' | 'identity'>

async function locked(stage: Stage): Promise<Locked> {
  const person = await stage.person()
  const { id, channel, identity } = await stage.session(person)
  await channel.call('lock')
  return { ...person, id, channel, identity }
}

/** A locked session of a person with a good key. */
const byKey = (
  name: string,
  code: ErrorCode | undefined,
  act: (stage: Stage, at: Locked) => ReturnType<Channel['call']>,
  more: {
    facts?: ErrorFacts
    action?: string
    arrange?: (stage: Stage, at: Locked) => Promise<unknown>
  } = {},
): Row => ({
  name: `a key: ${name}`,
  ...(code ? { code } : {}),
  action: more.action ?? (code ? 'session.unlock-refused' : 'session.unlocked'),
  async given(stage) {
    const at = await locked(stage)
    await more.arrange?.(stage, at)
    return { act: () => act(stage, at), whose: at.accountId, facts: more.facts ?? {} }
  },
})

type Facts = Parameters<typeof unlockStatement>[0]
/** Signs what is not asked for. */
async function forged(
  { channel, signer, id }: Locked,
  statement: (facts: Facts) => Uint8Array,
  by: Signer = signer,
) {
  const challenge = await channel.call('unlockChallenge')
  const facts = {
    gatewayId: challenge.body.gatewayId,
    nonce: Buffer.from(challenge.body.nonce, 'base64'),
    exporter: exporterOf(channel.socket()),
    certificateHash: sha256(signer.certificateDer),
    sessionId: id,
  }
  return channel.call('unlock', {
    body: {
      certificates: [signer.certificateDer.toString('base64')],
      algorithm: signer.algorithm,
      signature: tokenSign(by, statement(facts)).toString('base64'),
    },
  })
}

/** A locked session that began without a key; the code of its sign-in is used up, the next one is not. */
const byCode = (
  name: string,
  code: ErrorCode | undefined,
  entry: (good: { password: string; code: string }, used: string) => { password: string; code: string },
  more: {
    why?: string
    facts?: ErrorFacts
    action?: string
    arrange?: (stage: Stage, accountId: string) => Promise<unknown>
  } = {},
): Row => ({
  name: `password and code: ${name}`,
  ...(code ? { code } : {}),
  action: more.action ?? (code ? 'session.unlock-refused' : 'session.unlocked'),
  async given(stage) {
    const person = await stage.withGrant()
    const answer = await stage.enterFallback(person.entry)
    if (!answer.identity) throw new Error(answer.body.code)
    const channel = stage.gateway.connect(answer.identity)
    await channel.call('lock')
    stage.advance(30_000)
    await more.arrange?.(stage, person.accountId)
    const good = { password, code: totpCode(person.secret, stage.clock()) }
    return {
      act: () => unlockFallback(channel, entry(good, person.entry.code)),
      whose: person.accountId,
      facts: more.facts ?? {},
      audited: more.why ? { factor: 'fallback', why: more.why, accountId: person.accountId } : {},
    }
  },
})

export const unlockRows: Row[] = [
  byKey('the person’s own', undefined, (_, { channel, signer, id }) => unlock(channel, signer, id)),
  byKey('another person’s', 'other-account', async (stage, { channel, id }) =>
    unlock(channel, (await stage.person()).signer, id),
  ),
  byKey('a signature for signing in', 'signature-invalid', (_, at) =>
    forged(at, ({ sessionId, ...facts }) =>
      signInStatement({ ...facts, csrHash: randomBytes(32), workstationId: sessionId }),
    ),
  ),
  byKey('a signature for another session', 'signature-invalid', (_, at) =>
    forged(at, (facts) => unlockStatement({ ...facts, sessionId: crypto.randomUUID() })),
  ),
  byKey('a signature over another connection', 'signature-invalid', (_, at) =>
    forged(at, (facts) => unlockStatement({ ...facts, exporter: randomBytes(32) })),
  ),
  byKey('a signature by another key', 'signature-invalid', async (stage, at) =>
    forged(at, unlockStatement, (await stage.person()).signer),
  ),
  byKey('without a challenge', 'challenge-invalid', (_, { channel, signer }) =>
    channel.call('unlock', {
      body: {
        certificates: [signer.certificateDer.toString('base64')],
        algorithm: signer.algorithm,
        signature: tokenSign(signer, Buffer.from('x')).toString('base64'),
      },
    }),
  ),
  byKey(
    'one that no account knows',
    'account-unknown',
    async (stage, { channel, id }) => {
      const key = await stage.gateway.hospital.issue({ commonName: 'x', keyType: 'P-256' })
      return unlock(channel, { ...key, algorithm: 'ECDSA-SHA256' }, id)
    },
    { facts: { mayBind: true } },
  ),
  {
    name: 'a key that was revoked meanwhile: its session is over',
    code: 'session-ended',
    action: 'access.refused',
    async given(stage) {
      const at = await locked(stage)
      await stage.gateway.accounts.revokeCertificate(at.fingerprint, 'lost', by)
      await stage.gateway.sessions.sweep()
      const channel = stage.gateway.connect(at.identity)
      return { act: () => channel.call('unlockChallenge'), facts: { reason: 'revoked', at: stage.clock() } }
    },
  },

  byCode('right', undefined, (good) => good),
  byCode('a wrong password', 'credentials-wrong', (good) => ({ ...good, password: other }), {
    why: 'password-wrong',
  }),
  byCode('the code that opened the session', 'credentials-wrong', (good, used) => ({ ...good, code: used }), {
    why: 'totp-code-wrong',
  }),
  {
    name: 'password and code: a session that a key began',
    code: 'permission-denied',
    action: 'session.unlock-refused',
    async given(stage) {
      const person = await stage.withGrant()
      const { channel } = await stage.session(person)
      await channel.call('lock')
      return { act: () => unlockFallback(channel, person.entry), audited: { factor: 'fallback' } }
    },
  },
  {
    name: 'a key: a session that password and code began',
    action: 'session.unlocked',
    async given(stage) {
      const person = await stage.withGrant()
      const { identity, body } = await stage.enterFallback(person.entry)
      if (!identity) throw new Error(body.code)
      const channel = stage.gateway.connect(identity)
      await channel.call('lock')
      return { act: () => unlock(channel, person.signer, body.session.id), whose: person.accountId }
    },
  },
]
