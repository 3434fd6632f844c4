import { randomUUID } from 'node:crypto'
import { Clearance } from '../../../src/shared/account/index.ts'
import type {
  AccountRow,
  CertificateRow,
  FallbackGrantRow,
  PolicyVersion,
  SessionRow,
  SignInFailureRow,
  WorkstationRow,
} from '../../../src/shared/api/administration.ts'
import { SecurityPolicy } from '../../../src/shared/policy/index.ts'

const minute = 60_000
const hour = 60 * minute
const day = 24 * hour

/** What the officers' calls answer where a test says nothing: a gateway on its first day. */
export function emptyOffice() {
  return {
    'administration.sign-in-failures': () => [],
    'administration.certificates': () => [],
    'administration.fallback-grants': () => [],
    'alarms.list': () => [],
    'audit.search': () => ({ rows: [], next: null }),
    'administration.policy': () => policyVersion(1, 0),
    'administration.policy-history': () => [policyVersion(1, 0)],
    'bootstrap.state': () => ({ created: [] }),
  }
}

export function policyVersion(version: number, changedAt: number, change: object = {}): PolicyVersion {
  return {
    version,
    policy: SecurityPolicy.parse(change),
    changedAt,
    changedBy: version === 1 ? 'gateway' : '孙保密',
  }
}

export function account(now: number, given: Partial<AccountRow> = {}): AccountRow {
  return {
    id: randomUUID(),
    loginName: 'limh',
    displayName: '李明华',
    staffNumber: '10021',
    roles: ['radiologist'],
    clearance: 'sensitive',
    emergency: false,
    disabled: false,
    certificates: 1,
    password: { expiresAt: now + 60 * day, mustChange: false },
    lockedUntil: null,
    fallbackUntil: null,
    totpEnrolled: true,
    lastSignInAt: now - 20 * minute,
    createdAt: now - 200 * day,
    ...given,
  }
}

const names = ['张伟', '王建国', '陈静怡', '欧阳明德', '赵敏', '黄志强', '周晓彤', '吴国栋', '郑丽', '孙浩然']

/** A department's accounts in every state, the security officer's own among them; `count` in all. */
export function accounts(now: number, count = 40): AccountRow[] {
  const special = [
    account(now),
    account(now, {
      id: 'account-security-officer',
      loginName: 'sunbm',
      displayName: '孙保密',
      staffNumber: '10002',
      roles: ['security-officer'],
    }),
    account(now, {
      loginName: 'ayiguli',
      displayName: '阿依古丽·买买提·阿不都热合曼·吐尔逊那依',
      staffNumber: 'A-2026-00000000018',
      roles: ['radiologist', 'technologist'],
      emergency: true,
      clearance: 'highly-sensitive',
    }),
    account(now, { loginName: 'newcomer', displayName: '钱新', roles: [], certificates: 0, password: null }),
    account(now, { loginName: 'suo', displayName: '索朗', lockedUntil: now + 12 * minute }),
    account(now, {
      loginName: 'yingji',
      displayName: '应吉',
      fallbackUntil: now + 6 * hour,
      certificates: 0,
    }),
    account(now, { loginName: 'tingyong', displayName: '丁勇', disabled: true }),
    account(now, {
      loginName: 'mima',
      displayName: '米玛',
      password: { expiresAt: now + 3 * day, mustChange: true },
    }),
  ]
  const rest = Array.from({ length: Math.max(0, count - special.length) }, (_, n) =>
    account(now, {
      loginName: `user${n + 1}`,
      displayName: names[n % names.length]!,
      staffNumber: String(20_000 + n),
      roles: [n % 3 === 0 ? 'technologist' : 'radiologist'],
      clearance: Clearance.options[n % 3]!,
      certificates: 1 + (n % 2),
      lastSignInAt: n % 5 === 0 ? null : now - n * hour,
    }),
  )
  return [...special, ...rest]
}

export function workstations(now: number): WorkstationRow[] {
  return Array.from({ length: 12 }, (_, n) => ({
    id: randomUUID(),
    name: n === 3 ? '介入手术室二号观察间备用工作站-超长名称-0000000003' : `阅片室-${n + 1}`,
    state: n === 4 ? ('suspended' as const) : n === 5 ? ('revoked' as const) : ('active' as const),
    enrolledAt: now - (300 - n) * day,
    certificateExpiresAt: now + (n === 6 ? 5 : n === 7 ? -1 : 65 + n) * day,
    lastSeenAt: n === 8 ? null : now - n * 7 * minute,
    lockedUntil: n === 1 ? now + 5 * minute : null,
    sessions: n < 3 ? [names[n]!] : [],
  }))
}

export function sessions(now: number, count = 30): SessionRow[] {
  return Array.from({ length: count }, (_, n) => ({
    id: `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`,
    accountId: randomUUID(),
    loginName: `user${n + 1}`,
    displayName: n === 2 ? '阿依古丽·买买提·阿不都热合曼·吐尔逊那依' : names[n % names.length]!,
    roles: n % 4 === 3 ? ['radiologist', 'technologist'] : ['radiologist'],
    workstation: n === 2 ? '介入手术室二号观察间备用工作站-超长名称-0000000003' : `阅片室-${n + 1}`,
    factor: n === 4 ? 'fallback' : 'certificate',
    state: n % 5 === 1 ? 'locked' : 'active',
    startedAt: now - (n + 3) * 11 * minute,
    lastActivityAt: now - n * 20_000,
    expiresAt: now + 8 * hour - n * minute,
  }))
}

const failureCodes = [
  'pin-wrong',
  'password-wrong',
  'certificate-revoked',
  'locked-out',
  'credentials-wrong',
  'session-cap',
  'vault-unavailable',
  'some-future-code',
]

export function signInFailure(seq: number, now: number): SignInFailureRow {
  return {
    seq,
    at: now - (1000 - seq) * minute,
    purpose: (['sign-in', 'unlock', 'sign-off', 'change-pin', 'enrolment'] as const)[seq % 5]!,
    code: failureCodes[seq % failureCodes.length]!,
    person: seq % 3 ? names[seq % names.length]! : '',
    workstation: `阅片室-${seq % 9}`,
    address: `10.2.0.${seq % 250}`,
    certificate: seq % 2 ? 'ab'.repeat(32) : '',
  }
}

export function certificates(now: number): CertificateRow[] {
  const row = (given: Partial<CertificateRow> & Pick<CertificateRow, 'kind'>, n: number): CertificateRow => ({
    fingerprint: String(n % 10).repeat(64),
    subject: 'CN=李明华, serialNumber=10021, OU=放射科, O=市第一人民医院',
    issuer: 'CN=市第一人民医院用户 CA, O=市第一人民医院',
    owner: '',
    notBefore: now - 300 * day,
    notAfter: now + 400 * day,
    state: 'good',
    ...given,
  })
  return [
    row({ kind: 'gateway-ca', subject: 'CN=Vigil Gateway CA', notAfter: now + 3000 * day }, 1),
    row({ kind: 'person', owner: '李明华' }, 2),
    row({ kind: 'gateway-server', subject: 'CN=gateway', notAfter: now + 12 * day, state: 'ends-soon' }, 3),
    row({ kind: 'person', owner: '丁勇', state: 'revoked' }, 4),
    row({ kind: 'person', owner: '王建国', notAfter: now - 2 * day, state: 'expired' }, 5),
    row({ kind: 'workstation', owner: '阅片室-1', subject: 'CN=阅片室-1' }, 6),
    row({ kind: 'crl', subject: 'CN=市第一人民医院用户 CA', notAfter: now + 1 * day, state: 'unknown' }, 7),
    row({ kind: 'user-ca', subject: 'CN=市第一人民医院用户 CA' }, 8),
  ]
}

export function grants(now: number): FallbackGrantRow[] {
  const row = (given: Partial<FallbackGrantRow>): FallbackGrantRow => ({
    id: randomUUID(),
    person: '应吉',
    grantedBy: '孙保密',
    reason: 'Key 遗失，已挂失，等待补发；本人当面申请，科主任签字确认，补发预计需要两个工作日',
    grantedAt: now - 2 * hour,
    endsAt: now + 6 * hour,
    endedAt: null,
    endedBy: '',
    signIns: 2,
    ...given,
  })
  return [
    row({}),
    row({ person: '张伟', endsAt: now - hour, signIns: 0 }),
    row({ person: '郑丽', endedAt: now - 30 * minute, endedBy: '孙保密' }),
  ]
}
