import type { AnomalyKind, AuditFault } from '../../../shared/audit/index.ts'

/** What the parts of the product are called in an audit report; one that is not here is shown by its code. */
const capabilities: Record<string, string> = {
  access: '访问控制',
  account: '账户',
  alarm: '系统告警',
  alert: '危急值',
  anomaly: '异常复核',
  audit: '审计',
  'audit-report': '审计报告',
  backup: '备份',
  claim: '检查认领',
  credentials: '凭据',
  delivery: '危急值送达',
  dictionary: '危急值词典',
  exam: '检查登记',
  fallback: '应急登录授权',
  feed: '接口接入',
  gateway: '网关',
  identity: '身份信息查看',
  integrity: '完整性',
  interface: '接口',
  keys: '密钥',
  'label-rules': '敏感标记规则',
  lockout: '登录锁定',
  measurement: '测量',
  order: '检查申请',
  password: '口令',
  patient: '患者',
  pki: '证书体系',
  policy: '安全策略',
  quarantine: '隔离消息',
  reply: '危急值答复',
  report: '报告',
  retrospect: '回顾检索',
  session: '会话',
  settings: '个人设置',
  'sign-in': '登录',
  study: '检查',
  table: '列表导出',
  token: '介质',
  totp: '动态口令',
  workstation: '工作站',
}
export const capabilityWord = (name: string): string => capabilities[name] ?? name

export const outcomeWords = { success: '成功', refused: '拒绝', failed: '失败' } as const

export const anomalyWords: Record<AnomalyKind, string> = {
  'off-hours': '非惯常时间操作',
  'mass-access': '短时大量访问',
  'vip-access': '访问敏感患者',
  'repeated-denials': '连续被拒',
  'break-glass': '紧急访问',
  'new-workstation': '陌生工作站登录',
  export: '大量导出或打印',
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
