import { createHash } from 'node:crypto'
import { api } from '../../shared/api/index.ts'
import { VigilError } from '../../shared/errors/index.ts'
import type { SessionView } from '../../shared/session/index.ts'
import { signInStatement, unlockStatement } from '../../shared/signing/statement.ts'
import type { TokenSignature } from '../tokens/index.ts'
import { bindConnection, type ChannelIdentity } from './agent.ts'
import { createApiCall } from './call.ts'
import { certificateRequest, newKey } from './csr.ts'

/** Has the user's token sign what depends on the certificate that signs. */
export type TokenSigner = (statement: (certificate: Uint8Array) => Uint8Array) => Promise<TokenSignature>

export interface SignInOptions {
  workstation: ChannelIdentity
  workstationId: string
  gatewayId: string
  sign: TokenSigner
  password?: string | undefined
  takeOver: boolean
}

/**
 * Signs in over one connection (DESIGN "Identity and the channel", 2): challenge, ephemeral key, token signature bound
 * to this very connection. The session key exists in memory only.
 */
export async function signIn(
  options: SignInOptions,
): Promise<{ session: SessionView; identity: ChannelIdentity }> {
  const { workstation, workstationId, sign, password, takeOver } = options
  const { agent, exporter, close } = await bindConnection(workstation)
  try {
    const call = createApiCall({ ...workstation, agent })
    const { gatewayId, nonce } = await call(api.signInChallenge)
    expectGateway(gatewayId, options.gatewayId)
    const key = newKey()
    const csr = certificateRequest(key, 'vigil session')
    const made = await sign((certificate) =>
      signInStatement({
        gatewayId,
        nonce: Buffer.from(nonce, 'base64'),
        exporter,
        csrHash: sha256(csr),
        certificateHash: sha256(certificate),
        workstationId,
      }),
    )
    const body = { csr: csr.toString('base64'), ...wire(made), ...(password ? { password } : {}), takeOver }
    const { certificate, issuer, session } = await call(api.signIn, { body })
    return { session, identity: { ...workstation, key, certificate: `${certificate.trim()}\n${issuer}` } }
  } finally {
    close()
  }
}

/** Unlocks the session over one connection that presents its certificate, with a new signature of the same account. */
export async function unlock(options: {
  session: ChannelIdentity
  sessionId: string
  gatewayId: string
  sign: TokenSigner
}): Promise<SessionView> {
  const { session, sessionId, sign } = options
  const { agent, exporter, close } = await bindConnection(session)
  try {
    const call = createApiCall({ ...session, agent })
    const { gatewayId, nonce } = await call(api.unlockChallenge)
    expectGateway(gatewayId, options.gatewayId)
    const made = await sign((certificate) =>
      unlockStatement({
        gatewayId,
        nonce: Buffer.from(nonce, 'base64'),
        exporter,
        certificateHash: sha256(certificate),
        sessionId,
      }),
    )
    return await call(api.unlock, { body: wire(made) })
  } finally {
    close()
  }
}

function expectGateway(answered: string, enrolled: string): void {
  if (answered !== enrolled) throw new VigilError('gateway-untrusted', { reason: 'gateway-id' })
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
