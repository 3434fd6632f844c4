import { createHash } from 'node:crypto'
import { api, type FallbackSignInRequest, type SignInRequest } from '../../shared/api/index.ts'
import { VigilError } from '../../shared/errors/index.ts'
import type { SessionView } from '../../shared/session/index.ts'
import { signInStatement, unlockStatement } from '../../shared/signing/statement.ts'
import type { TokenSignature } from '../tokens/index.ts'
import { bindConnection, type ChannelIdentity } from './agent.ts'
import { type ApiCall, createApiCall } from './call.ts'
import { certificateRequest, newKey } from './csr.ts'

/** Has the user's token sign what depends on the certificate that signs. */
export type TokenSigner = (statement: (certificate: Uint8Array) => Uint8Array) => Promise<TokenSignature>

/** What goes with a token's signature to sign in. What is undefined is left out. */
export type SignInDetails = Undefinable<
  Pick<SignInRequest, 'password' | 'newPassword' | 'bindingCode' | 'takeOver' | 'replaces'>
>
/** What stands in for a token. */
export type FallbackDetails = Undefinable<Omit<FallbackSignInRequest, 'csr'>>

type Undefinable<T> = { [K in keyof T]: undefined extends T[K] ? T[K] | undefined : T[K] }
type Defined<T> = { [K in keyof T]: Exclude<T[K], undefined> }

/** Where the sign-in runs: this workstation, at the gateway it was enrolled with. */
export interface SignInPlace {
  workstation: ChannelIdentity
  workstationId: string
  gatewayId: string
}

/** A session as it begins. The key of `identity` exists in memory only. */
export interface Begun {
  session: SessionView
  identity: ChannelIdentity
}

/**
 * Signs in over one connection (DESIGN "Identity and the channel", 2): challenge, ephemeral key, token signature bound
 * to this very connection.
 */
export function signIn(place: SignInPlace, sign: TokenSigner, details: SignInDetails): Promise<Begun> {
  return onBoundConnection(
    place.workstation,
    place.gatewayId,
    api.signInChallenge,
    async ({ call, nonce, exporter }) => {
      const { key, csr } = sessionKey()
      const made = await sign((certificate) =>
        signInStatement({
          gatewayId: place.gatewayId,
          nonce,
          exporter,
          csrHash: sha256(csr),
          certificateHash: sha256(certificate),
          workstationId: place.workstationId,
        }),
      )
      const body = { csr: csr.toString('base64'), ...wire(made), ...defined(details) }
      return begun(place, key, await call(api.signIn, { body }))
    },
  )
}

/** Signs in without a token, over one connection and its challenge all the same. */
export function signInFallback(place: SignInPlace, details: FallbackDetails): Promise<Begun> {
  return onBoundConnection(place.workstation, place.gatewayId, api.signInChallenge, async ({ call }) => {
    const { key, csr } = sessionKey()
    const body = { csr: csr.toString('base64'), ...defined(details) }
    return begun(place, key, await call(api.signInFallback, { body }))
  })
}

/** A session to unlock, spoken to under its own certificate. */
export interface UnlockPlace {
  session: ChannelIdentity
  sessionId: string
  gatewayId: string
}

/** Unlocks the session over one connection that presents its certificate, with a new signature of the same account. */
export function unlock(place: UnlockPlace, sign: TokenSigner): Promise<SessionView> {
  const { session, sessionId, gatewayId } = place
  return onBoundConnection(session, gatewayId, api.unlockChallenge, async ({ call, nonce, exporter }) => {
    const made = await sign((certificate) =>
      unlockStatement({ gatewayId, nonce, exporter, certificateHash: sha256(certificate), sessionId }),
    )
    return call(api.unlock, { body: wire(made) })
  })
}

/** Unlocks a session that began without a token. */
export function unlockFallback(
  { session, gatewayId }: UnlockPlace,
  body: { password: string; code: string },
): Promise<SessionView> {
  return onBoundConnection(session, gatewayId, api.unlockChallenge, ({ call }) =>
    call(api.unlockFallback, { body }),
  )
}

interface Bound {
  call: ApiCall
  nonce: Buffer
  exporter: Uint8Array
}

/** Takes a challenge on a connection of its own, and does `work` on that connection. */
async function onBoundConnection<T>(
  identity: ChannelIdentity,
  enrolledWith: string,
  challenge: typeof api.signInChallenge | typeof api.unlockChallenge,
  work: (bound: Bound) => Promise<T>,
): Promise<T> {
  const { agent, exporter, close } = await bindConnection(identity)
  try {
    const call = createApiCall({ ...identity, agent })
    const { gatewayId, nonce } = await call(challenge)
    if (gatewayId !== enrolledWith) throw new VigilError('gateway-untrusted', { reason: 'gateway-id' })
    return await work({ call, nonce: Buffer.from(nonce, 'base64'), exporter })
  } finally {
    close()
  }
}

function sessionKey(): { key: string; csr: Buffer } {
  const key = newKey()
  return { key, csr: certificateRequest(key, 'vigil session') }
}

function begun(
  { workstation }: SignInPlace,
  key: string,
  answer: { certificate: string; issuer: string; session: SessionView },
): Begun {
  const certificate = `${answer.certificate.trim()}\n${answer.issuer}`
  return { session: answer.session, identity: { ...workstation, key, certificate } }
}

function defined<T extends object>(details: T): Defined<T> {
  return Object.fromEntries(Object.entries(details).filter(([, value]) => value !== undefined)) as Defined<T>
}

function wire({ certificates, algorithm, signature }: TokenSignature) {
  return {
    certificates: certificates.map((der) => Buffer.from(der).toString('base64')),
    algorithm,
    signature: Buffer.from(signature).toString('base64'),
  }
}

function sha256(bytes: Uint8Array): Buffer {
  return createHash('sha256').update(bytes).digest()
}
