import {
  type AnomalyKind,
  type AuditFault,
  auditActionWords,
  auditCapabilityWords,
  auditKindWords,
  auditRefusalWords,
} from '../../../shared/audit/index.ts'

type Words = Readonly<Record<string, string>>

/** `report.signed` → 签发报告; an action of a later version, which has no word here, by its code. */
export function actionWord(action: string): string {
  const at = action.indexOf('.')
  const verbs = (auditActionWords as Readonly<Record<string, Words>>)[action.slice(0, Math.max(at, 0))]
  return verbs?.[action.slice(at + 1)] ?? action
}

export const capabilityWord = (name: string): string => (auditCapabilityWords as Words)[name] ?? name

/** `pin-wrong` → PIN 错误. */
export const refusalWord = (code: string): string => (auditRefusalWords as Words)[code] ?? code

/** `cli:demo` → 命令行 demo: of what has no name of its own. */
export function referenceWord(reference: string): string {
  const at = reference.indexOf(':')
  const kind = (auditKindWords as Words)[reference.slice(0, Math.max(at, 0))]
  if (kind === undefined) return reference
  const id = reference.slice(at + 1)
  return id === '' || id === reference.slice(0, at) ? kind : `${kind} ${id}`
}

export const outcomeWords = { success: '成功', refused: '拒绝', failed: '失败' } as const

/** As the auditor's screen says them. */
export const anomalyWords: Record<AnomalyKind, string> = {
  'off-hours': '非工作时间',
  'mass-access': '大量访问',
  'vip-access': '访问受限患者',
  'repeated-denials': '连续被拒',
  'break-glass': '紧急访问',
  'new-workstation': '陌生工作站',
  export: '导出数据',
}

export const faultWords: Record<AuditFault, string> = {
  changed: '记录被改动',
  deleted: '记录缺失',
  inserted: '记录被插入',
  reordered: '记录顺序被改',
  unreadable: '记录无法读取',
  truncated: '尾部记录被截断',
  unguarded: '数据库防改触发器缺失',
  unindexed: '检索索引与记录不符',
}

export const verdictWords = { harmless: '正常', 'to-follow-up': '需跟进' } as const
export const glassWords = { justified: '合理', unjustified: '不合理' } as const
