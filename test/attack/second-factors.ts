import { signInFallback, totpCode } from '../server/fallback-client.ts'
import { signIn } from '../server/sign-in-client.ts'
import type { ComposedGateway, Session } from './composed-gateway.ts'

/** What people typed or were shown once, by what it is; none of it may lie or pass anywhere in the clear. */
export interface Shown {
  secrets: Record<string, string>
  /** A TOTP code: six digits that are looked for as a number of their own. */
  code: string
}

/**
 * A day on which everything of issue 3 that is secret comes up: an account is made, gets a binding code and a one-time
 * password, and signs in without a key; passwords and codes are typed wrongly, changed, and refused.
 */
export async function dayOfSecondFactors(gateway: ComposedGateway): Promise<Shown> {
  const { people, workstation } = gateway
  const officer = await gateway.session(people['security-officer'])
  const administrator = await gateway.session(people['system-administrator'])
  const must = async (session: Session, name: Parameters<Session['channel']['call']>[0], call: object) => {
    const answer = await session.channel.call(name, call)
    if (answer.status !== 200) throw new Error(`${name}: ${answer.body?.code}`)
    return answer.body
  }
  const reason = '长孙护士长来电说钥匙丢了'
  const staffNumber = 'GONGHAO-7731'
  const loginName = 'zhangsun.wuji'
  const displayName = '长孙无忌'
  const chosen = 'mQ7#tLx2vB-own'
  const wrong = 'pK3!wrong-typed'
  const weak = 'Password-1234'

  const { id } = await must(administrator, 'createAccount', { body: { loginName, displayName, staffNumber } })
  const params = { id }
  const authority = { roles: ['radiologist'], clearance: 'general', emergency: false }
  await must(officer, 'authoriseAccount', { params, body: authority })
  const { code: bindingCode } = await must(officer, 'createBindingCode', { params })
  const { password: oneTime } = await must(officer, 'resetPassword', { params })
  const { totp } = await must(officer, 'grantFallback', { params, body: { hours: 2, reason } })
  const { ticket } = await must(officer, 'createEnrolmentTicket', { body: { minutes: 5 } })
  const code = totpCode(totp.secret, Date.now())

  const at = gateway.connect(workstation.identity)
  const typed = { loginName, password: oneTime, code }
  await signInFallback(at, { ...typed, password: wrong })
  await signInFallback(at, { ...typed, loginName: `${loginName}.x` })
  await signInFallback(at, { ...typed, newPassword: weak })
  const entered = await signInFallback(at, { ...typed, newPassword: chosen })
  if (entered.status !== 200) throw new Error(entered.body.code)
  const own = gateway.connect(entered.identity)
  await own.call('changePassword', { body: { password: wrong, newPassword: weak } })
  const begun = await own.call('beginTotp', { body: { password: chosen } })
  await own.call('confirmTotp', { body: { code: totpCode(begun.body.secret, Date.now()) } })
  await own.call('ownCredentials')
  await own.call('signOut')

  const key = await gateway.hospital.issue({ commonName: 'new key', keyType: 'P-256' })
  const signer = { ...key, algorithm: 'ECDSA-SHA256' } as const
  const wrongCode = 'ZZZZZZZZZZZZZZZZZZZZZZZZZZ'
  await signIn(at, signer, workstation.id, { bindingCode: wrongCode })
  const bound = await signIn(at, signer, workstation.id, { bindingCode })
  if (bound.status !== 200) throw new Error(bound.body.code)
  await must(officer, 'endFallback', { params, body: { reason } })
  await must(administrator, 'disableAccount', { params, body: { reason } })
  for (const name of ['accounts', 'fallbackGrants', 'signInFailures', 'sessions', 'certificates'] as const)
    await must(officer, name, {})

  return {
    secrets: {
      reason,
      staffNumber,
      loginName,
      displayName,
      chosen,
      wrong,
      weak,
      bindingCode,
      wrongCode,
      oneTime,
      ticketCode: String(ticket).split('/')[1] ?? '',
      totpSecret: totp.secret,
      secondTotpSecret: begun.body.secret,
    },
    code,
  }
}
