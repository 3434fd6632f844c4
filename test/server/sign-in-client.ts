import { constants, createHash, sign, webcrypto } from 'node:crypto'
import type { TLSSocket } from 'node:tls'
import { x509 } from '../../src/server/pki/index.ts'
import type { SignatureAlgorithm } from '../../src/shared/api/index.ts'
import { activityStatement, signInStatement, unlockStatement } from '../../src/shared/signing/statement.ts'
import type { Answer, Channel, ClientIdentity } from './channel.ts'

/** A person's key, as far as signing needs it. */
export interface Signer {
  certificateDer: Buffer
  privateKeyPem: string
  algorithm: SignatureAlgorithm
  /** Intermediate CAs to send along. */
  chain?: Buffer[]
}

export interface KeyAndRequest {
  /** PKCS#10, DER. */
  csr: Buffer
  privateKey: string
}

/** A P-256 key and its PKCS#10 request, as a workstation makes them for enrolment and for each session. */
export async function keyAndRequest(): Promise<KeyAndRequest> {
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }
  const keys = (await webcrypto.subtle.generateKey(algorithm, true, [
    'sign',
    'verify',
  ])) as webcrypto.CryptoKeyPair
  const request = await x509.Pkcs10CertificateRequestGenerator.create({
    name: 'CN=vigil',
    keys,
    signingAlgorithm: algorithm,
  })
  const pkcs8 = await webcrypto.subtle.exportKey('pkcs8', keys.privateKey)
  return {
    csr: Buffer.from(request.rawData),
    privateKey: x509.PemConverter.encode(pkcs8, 'PRIVATE KEY'),
  }
}

/** What a token does. */
export function tokenSign(
  signer: Pick<Signer, 'privateKeyPem' | 'algorithm'>,
  statement: Uint8Array,
): Buffer {
  const key = signer.privateKeyPem
  switch (signer.algorithm) {
    case 'RSA-PSS-SHA256':
      return sign('sha256', statement, { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 })
    case 'RSA-PKCS1-SHA256':
      return sign('sha256', statement, { key, padding: constants.RSA_PKCS1_PADDING })
    case 'ECDSA-SHA256':
      return sign('sha256', statement, key)
    case 'ECDSA-SHA384':
      return sign('sha384', statement, key)
  }
}

export const sha256 = (bytes: Uint8Array): Buffer => createHash('sha256').update(bytes).digest()

export function exporterOf(socket: TLSSocket): Buffer {
  return socket.exportKeyingMaterial(32, 'EXPORTER-Channel-Binding', Buffer.alloc(0))
}

/** A sign-in body as a workstation makes it: a challenge is asked for on the channel, and the token signs. */
export async function signInBody(
  channel: Channel,
  signer: Signer,
  workstationId: string,
  key: KeyAndRequest,
): Promise<Record<string, unknown>> {
  const challenge = await channel.call('signInChallenge')
  const statement = signInStatement({
    gatewayId: challenge.body.gatewayId,
    nonce: Buffer.from(challenge.body.nonce, 'base64'),
    exporter: exporterOf(channel.socket()),
    csrHash: sha256(key.csr),
    certificateHash: sha256(signer.certificateDer),
    workstationId,
  })
  return {
    csr: key.csr.toString('base64'),
    certificates: [signer.certificateDer, ...(signer.chain ?? [])].map((der) => der.toString('base64')),
    algorithm: signer.algorithm,
    signature: tokenSign(signer, statement).toString('base64'),
  }
}

/** Signs in; `identity` is what session connections present, where it was accepted. */
export async function signIn(
  channel: Channel,
  signer: Signer,
  workstationId: string,
  more: Record<string, unknown> = {},
): Promise<Answer & { identity: ClientIdentity }> {
  const key = await keyAndRequest()
  const body = { ...(await signInBody(channel, signer, workstationId, key)), ...more }
  const answer = await channel.call('signIn', { body })
  return { ...answer, identity: { certificate: answer.body.certificate, privateKey: key.privateKey } }
}

/** An unlock body: a challenge is asked for on the session's channel, and the token signs. */
export async function unlockBody(
  channel: Channel,
  signer: Signer,
  sessionId: string,
): Promise<Record<string, unknown>> {
  const challenge = await channel.call('unlockChallenge')
  const statement = unlockStatement({
    gatewayId: challenge.body.gatewayId,
    nonce: Buffer.from(challenge.body.nonce, 'base64'),
    exporter: exporterOf(channel.socket()),
    certificateHash: sha256(signer.certificateDer),
    sessionId,
  })
  return {
    certificates: [signer.certificateDer.toString('base64')],
    algorithm: signer.algorithm,
    signature: tokenSign(signer, statement).toString('base64'),
  }
}

/** Unlocks a session over its own channel. */
export async function unlock(channel: Channel, signer: Signer, sessionId: string): Promise<Answer> {
  return channel.call('unlock', { body: await unlockBody(channel, signer, sessionId) })
}

/** An activity report as a session's workstation signs it. */
export function activityBody(
  privateKey: string,
  facts: { gatewayId: string; sessionId: string; counter: number; idleMs: number },
): { counter: number; idleMs: number; signature: string } {
  const { counter, idleMs } = facts
  const signature = sign('sha256', activityStatement(facts), privateKey)
  return { counter, idleMs, signature: signature.toString('base64') }
}
