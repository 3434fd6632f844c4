import { permissionsOf, type Role } from '../../../src/shared/access/index.ts'
import type { OwnCredentials, TotpEnrolment } from '../../../src/shared/api/index.ts'
import type { ExamContext } from '../../../src/shared/critical/index.ts'
import type { Token } from '../../../src/shared/ipc/index.ts'
import type { Order } from '../../../src/shared/order/index.ts'
import type { SessionView } from '../../../src/shared/session/index.ts'
import type { WorklistRow } from '../../../src/shared/worklist/index.ts'
import { studyUid } from './study.ts'

const minute = 60_000
const day = 24 * 60 * minute

export function sessionOf(role: Role, displayName: string, now: number): SessionView {
  return {
    id: `session-${role}`,
    accountId: `account-${role}`,
    loginName: role,
    displayName,
    roles: [role],
    permissions: permissionsOf({ roles: [role] }),
    state: 'active',
    factor: 'certificate',
    passwordEndsAt: null,
    startedAt: now - 30 * minute,
    expiresAt: now + 600 * minute,
    lockAfterMs: 10 * minute,
    activityEveryMs: 15_000,
  }
}

export function tokens(now: number): Token[] {
  return [
    {
      id: 'slot-0',
      kind: 'pkcs11',
      label: '医院 USB Key 0012',
      pin: 'ok',
      certificates: [
        {
          id: '01',
          subject: 'CN=李明华, OU=放射科, O=市第一人民医院',
          issuer: 'CN=医院用户 CA',
          notBefore: now - 86_400_000,
          notAfter: now + 300 * 86_400_000,
          unfit: null,
        },
      ],
    },
  ]
}

/** A radiologist with one key, a password of middling age and no authenticator. */
export function ownCredentials(now: number): OwnCredentials {
  return {
    password: { expiresAt: now + 40 * day, warn: false },
    totpEnrolledAt: null,
    certificates: [{ subject: 'CN=李明华, OU=放射科, O=市第一人民医院', notAfter: now + 300 * day }],
    lastSignIn: { at: now - 16 * 60 * minute, workstation: 'CT 室-01' },
    failuresSince: 0,
  }
}

export const totpEnrolment: TotpEnrolment = {
  secret: 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP',
  uri: 'otpauth://totp/Vigil:limh?issuer=Vigil&secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP',
}

export const order: Order = {
  accessionNumber: 'CT20261122001',
  applicationNumber: 'A2026112200017',
  studyInstanceUid: studyUid,
  patientId: 'P0001234',
  patientName: '王建国',
  patientNamePinyin: 'WANG JIANGUO',
  sex: 'M',
  birthDate: '19580312',
  patientClass: 'emergency',
  visitNumber: 'V99812',
  ward: '急诊科',
  bed: '抢救2',
  phone: '',
  itemCode: 'CT001',
  itemName: '头颅CT平扫',
  bodyPart: '头部',
  modality: 'CT',
  priority: 'stat',
  orderingDoctor: '陈思远',
  orderingDepartment: '急诊科',
  clinicalInfo: '突发头痛伴左侧肢体无力2小时，高血压病史10年',
  orderedAt: 0,
  scheduledAt: 0,
}

/** The facts of that exam by which scopes are judged. */
export const exam: ExamContext = {
  modality: 'CT',
  bodyPart: '头部',
  itemName: '头颅CT平扫',
  patientClass: 'emergency',
  sex: 'M',
  age: '068Y',
}

const names = [
  '王建国',
  '李秀英',
  '张伟',
  '刘洋',
  '陈静怡',
  '欧阳明德',
  '赵敏',
  '黄志强',
  '周晓彤',
  '吴国栋',
  '阿依古丽·买买提',
  '郑丽',
  '孙浩然',
  '马海燕',
  '朱文斌',
  '胡雪梅',
  '林峰',
  '郭佳',
  '何俊杰',
  '高玉兰',
]
const items = [
  ['CT', '头颅CT平扫', '头部'],
  ['CT', '胸部CT平扫+三维重建', '胸部'],
  ['DX', '胸部正侧位片', '胸部'],
  ['MR', '膝关节MRI平扫（左）', '左膝'],
  ['US', '心脏彩色多普勒超声', '心脏'],
  ['CT', '全腹部CT增强扫描', '腹部'],
  ['MR', '颅脑MRI平扫+DWI+MRA', '头部'],
  ['DX', '腰椎正侧位片', '腰椎'],
] as const
const departments = ['急诊科', '神经外科', '呼吸与危重症医学科', '骨科', '心血管内科', '普外科', '体检中心']

/** A plausible morning: `count` exams in every state, the first of which has the study that can be opened. */
export function worklist(now: number, count = 60): WorklistRow[] {
  return Array.from({ length: count }, (_, n): WorklistRow => {
    const [modality, itemName, bodyPart] = items[n % items.length]!
    const examStatus = n % 11 === 9 ? 'ordered' : n % 11 === 10 ? 'done' : 'arrived'
    const reportStatus =
      examStatus !== 'arrived' || n < 3 ? 'none' : n % 4 === 0 ? 'signed' : n % 5 === 1 ? 'draft' : 'none'
    const critical = reportStatus === 'signed' && n % 8 === 0 ? 1 + (n % 3) : 0
    return {
      studyInstanceUid: examStatus !== 'arrived' ? null : n === 0 ? studyUid : `1.2.826.0.1.99.${n}`,
      accessionNumber: `${modality}20261122${String(n + 1).padStart(3, '0')}`,
      patientId: `P${String(1234 + n).padStart(7, '0')}`,
      imagingNumber: `X${String(880_000 + n)}`,
      patientName: names[n % names.length]!,
      sex: n % 2 ? 'F' : 'M',
      age: n % 13 === 4 ? '008M' : `${String(20 + ((n * 7) % 70)).padStart(3, '0')}Y`,
      patientClass: n % 3 ? 'outpatient' : 'emergency',
      priority: n === 0 || n === 7 || n === 12 || n === 24 ? 'stat' : 'routine',
      modality,
      itemName,
      bodyPart,
      orderingDepartment: departments[n % departments.length]!,
      ward: n % 3 ? '' : '神经外科一病区',
      bed: n % 3 ? '' : `${n + 1}床`,
      examAt: n === 17 ? null : now - (8 + n * 13) * minute,
      examStatus,
      seriesCount: examStatus === 'arrived' ? 1 + (n % 5) : 0,
      instanceCount: examStatus === 'arrived' ? 24 + n * 11 : 0,
      reportStatus,
      reportedBy: reportStatus === 'none' ? '' : n % 2 ? '李明华' : '周启明',
      criticalAlerts: critical,
      criticalOpen: critical > 1 ? 1 : 0,
      reviewedBy: reportStatus === 'signed' ? '周启明' : '',
      claimedBy: reportStatus === 'draft' ? { name: '李明华', own: true, since: now - 5 * minute } : null,
      suspected: 0,
      sensitivity: 'general',
      masked: false,
    }
  })
}
