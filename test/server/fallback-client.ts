import { Secret, TOTP } from 'otpauth'
import type { Answer, Channel, ClientIdentity } from './channel.ts'
import { keyAndRequest } from './sign-in-client.ts'

/** The code that an authenticator shows for a secret at a time. */
export function totpCode(secret: string, at: number): string {
  return TOTP.generate({ secret: Secret.fromBase32(secret), timestamp: at })
}

export interface FallbackEntry {
  loginName: string
  password: string
  code: string
  newPassword?: string
  takeOver?: boolean
}

/** Signs in by password + TOTP, as a workstation does; `identity` is what session connections present. */
export async function signInFallback(
  channel: Channel,
  entry: FallbackEntry,
): Promise<Answer & { identity: ClientIdentity }> {
  const key = await keyAndRequest()
  await channel.call('signInChallenge')
  const answer = await channel.call('signInFallback', {
    body: { csr: key.csr.toString('base64'), ...entry },
  })
  return { ...answer, identity: { certificate: answer.body.certificate, privateKey: key.privateKey } }
}

/** Unlocks a session that began without a key, over its own channel. */
export async function unlockFallback(
  channel: Channel,
  entry: { password: string; code: string },
): Promise<Answer> {
  await channel.call('unlockChallenge')
  return channel.call('unlockFallback', { body: entry })
}
