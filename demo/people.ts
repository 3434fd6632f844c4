import type { Role } from '../src/shared/access/index.ts'
import type { Clearance } from '../src/shared/account/index.ts'

/** Who can sign in to the demo. Invented; PINs are made at preparation. */
export interface DemoPerson {
  login: string
  name: string
  /** 工号 */
  staffNumber: string
  duty: string
  roles: Role[]
  clearance: Clearance
}

export const people: readonly DemoPerson[] = [
  {
    login: 'li.wei',
    name: '李伟',
    staffNumber: 'FS0127',
    duty: '放射科 报告医师 radiologist',
    roles: ['radiologist'],
    clearance: 'highly-sensitive',
  },
  {
    login: 'zhang.min',
    name: '张敏',
    staffNumber: 'FS0089',
    duty: '放射科 审核医师、质控 second radiologist, quality manager',
    roles: ['radiologist', 'quality-manager'],
    clearance: 'highly-sensitive',
  },
  {
    login: 'sun.yue',
    name: '孙悦',
    staffNumber: 'FS0233',
    duty: '放射科 住院医师，写报告并提交审核 resident, writes for review',
    roles: ['resident'],
    clearance: 'general',
  },
  {
    login: 'chen.yu',
    name: '陈宇',
    staffNumber: 'ZK0012',
    duty: '质控管理员 quality manager',
    roles: ['quality-manager'],
    clearance: 'highly-sensitive',
  },
  {
    login: 'wang.qiang',
    name: '王强',
    staffNumber: 'FS0214',
    duty: 'CT 室技师 technologist',
    roles: ['technologist'],
    clearance: 'sensitive',
  },
  {
    login: 'zhao.jing',
    name: '赵静',
    staffNumber: 'XX0031',
    duty: '系统管理员 administrator',
    roles: ['system-administrator'],
    clearance: 'general',
  },
  {
    login: 'zhou.hai',
    name: '周海',
    staffNumber: 'BM0012',
    duty: '安全保密员 security officer',
    roles: ['security-officer'],
    clearance: 'general',
  },
  {
    login: 'sun.jie',
    name: '孙洁',
    staffNumber: 'SJ0007',
    duty: '安全审计员 auditor',
    roles: ['auditor'],
    clearance: 'general',
  },
]
