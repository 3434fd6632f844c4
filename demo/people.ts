import type { Role } from '../src/shared/access/index.ts'

/** Who can sign in to the demo. Invented; PINs are made at preparation. */
export interface DemoPerson {
  login: string
  name: string
  duty: string
  roles: Role[]
}

export const people: readonly DemoPerson[] = [
  { login: 'li.wei', name: '李伟', duty: '放射科 报告医师 radiologist', roles: ['radiologist'] },
  { login: 'zhang.min', name: '张敏', duty: '放射科 审核医师 second radiologist', roles: ['radiologist'] },
  { login: 'wang.qiang', name: '王强', duty: 'CT 室技师 technologist', roles: ['technologist'] },
  { login: 'zhao.jing', name: '赵静', duty: '系统管理员 administrator', roles: ['system-administrator'] },
  { login: 'zhou.hai', name: '周海', duty: '安全管理员 security officer', roles: ['security-officer'] },
  { login: 'sun.jie', name: '孙洁', duty: '审计管理员 auditor', roles: ['auditor'] },
]
