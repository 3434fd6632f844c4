import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import {
  actionGroups,
  actionText,
  factsLine,
  factsOf,
  whoText,
} from '../../../../src/renderer/administration/audit/audit-words.ts'
import { createI18n, type Language } from '../../../../src/renderer/i18n/index.ts'
import { coverage } from '../../../../src/server/audit/coverage.ts'
import { actionWord, anomalyWords, referenceWord } from '../../../../src/server/audit-review/report/words.ts'
import type { AuditRow } from '../../../../src/shared/api/administration.ts'
import { AnomalyKind } from '../../../../src/shared/audit/index.ts'

const server = join(import.meta.dirname, '../../../../src/server')

/** Every action that the gateway's sources write down as it is; those made of parts are named beside. */
const recorded = [
  ...readdirSync(server, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .flatMap((file) => [
      ...readFileSync(join(server, file), 'utf8').matchAll(
        /action: (?:\w+ \? )?'([a-z-]+\.[a-z-]+)'(?: : '([a-z-]+\.[a-z-]+)')?/g,
      ),
    ])
    .flatMap(([, one, other]) => [one!, ...(other ? [other] : [])]),
  ...Object.values(coverage).flatMap((one) =>
    one.kind === 'changes' ? one.actions : one.kind === 'access' ? [one.action] : [],
  ),
  'worklist.searched',
  'audit-report.made',
  'audit-report.opened',
  'audit-report.reviewed',
  ...['made', 'verified', 'sent', 'removed', 'restored', 'drilled'].map((verb) => `backup.${verb}`),
  ...['server-certificate-issued', 'rotation-begun', 'rotation-finished', 'ca-retired'].map(
    (verb) => `pki.${verb}`,
  ),
  'workstation.suspended',
  'workstation.resumed',
  'workstation.revoked',
  'order.added',
  'order.replaced',
  'sign-in.refused',
  'session.unlocked',
  'session.unlock-refused',
  'report.draft-taken',
  'report.draft-given-up',
]

const row = (detail: AuditRow['detail']): AuditRow => ({
  seq: 7,
  at: 0,
  action: 'session.ended',
  outcome: 'success',
  actor: 'account:78a65f5b-f626-4806-ab86-cc68921ce45c',
  object: '',
  detail,
})

describe('audit records in words', () => {
  it.each<Language>(['zh-CN', 'en'])('%s names every action that the gateway records', async (language) => {
    const { t } = await createI18n(language)
    expect(recorded.length).toBeGreaterThan(20)
    expect(recorded.filter((action) => actionText(t, action) === action)).toEqual([])
    // And every capability, for the choice of actions.
    const groups = actionGroups(t)
    expect(groups.filter(({ capability, name }) => capability === name)).toEqual([])
    expect(groups.flatMap(({ actions }) => actions.map(({ action }) => action))).toEqual(
      expect.arrayContaining(recorded),
    )
  })

  it('is said by the signed audit reports as on the screen', async () => {
    const { t } = await createI18n('zh-CN')
    expect(recorded.filter((action) => actionWord(action) !== actionText(t, action))).toEqual([])
    for (const kind of AnomalyKind.options) expect(anomalyWords[kind]).toBe(t(`auditor.anomaly.kind.${kind}`))
    expect(actionWord('future.thing')).toBe('future.thing')
    expect(['cli:demo', 'gateway:gateway', 'strange:1'].map(referenceWord)).toEqual([
      '命令行 demo',
      '网关',
      'strange:1',
    ])
  })

  it('says an event of an alert by its person and in words, a refusal as a third person reads it', async () => {
    const { t } = await createI18n('zh-CN')
    const by = { id: 'D017', name: '吴医生', role: 'doctor' }
    expect(factsLine(t, row({ kind: 'handled', by, measure: '床旁处置', source: 'http' }))).toBe(
      '类别 已处置　办理人 吴医生　处置措施 床旁处置　来源 http',
    )
    expect(factsLine(t, row({ code: 'permission-denied' }))).toBe('原因 没有权限')
    expect(factsLine(t, row({ sensitivity: 'sensitive' }))).toBe('敏感等级 敏感')
  })

  it('says an alarm, and an act that was refused, by what they are', async () => {
    const { t } = await createI18n('zh-CN')
    const object = 'alarm:off-site-lag:second-site'
    expect(whoText(t, object)).toBe('告警 异地副本滞后 second-site')
    const raised = { ...row({ code: 'host-key-wrong', lagSeconds: 54 }), action: 'alarm.raised', object }
    expect(factsLine(t, raised)).toBe('原因 对方主机密钥与配置不符，可能连错或被冒充　滞后 54 秒')
    expect(whoText(t, 'alarm:future')).toBe('告警 future')
    expect(whoText(t, 'route:searchAudit', 'audit.searched')).toBe('接口 检索审计记录')
    expect(whoText(t, 'route:events')).toBe('接口 events')
    expect(factsLine(t, row({ code: 'disk-full' }))).toBe('原因 磁盘空间不足')
    expect(whoText(t, 'key:field/2')).toBe('密钥 字段加密 2')
    expect(factsLine(t, row({ purpose: 'field', generation: 2 }))).toBe('用途 字段加密　代次 2')
    const from = new Date(2026, 10, 23).getTime()
    expect(factsLine(t, row({ from, records: 3 }))).toBe('自 2026-11-23 00:00:00　记录数 3')
    expect(factsLine(t, row({ from: 2, to: 3 }))).toBe('原 2　现 3')
  })

  it('shows an action and a fact that it does not know as they were recorded', async () => {
    const { t } = await createI18n('zh-CN')
    expect(actionText(t, 'future.thing')).toBe('future.thing')
    expect(factsOf(t, row({ strange: { a: 1 } }))).toEqual([['strange', '{"a":1}']])
    expect(whoText(t, '李明华')).toBe('李明华')
  })

  it('words reasons and codes, and keeps digests for the full record', async () => {
    const { t } = await createI18n('zh-CN')
    expect(whoText(t, row({}).actor)).toBe('账号 78a65f5b')
    expect(factsLine(t, row({ reason: 'idle', certificate: 'ab'.repeat(32) }))).toBe('原因 长时间无操作')
    expect(factsOf(t, row({ certificate: 'ab' }))).toEqual([['证书指纹', 'ab']])
    expect(factsLine(t, row({ roles: ['radiologist', 'auditor'] }))).toBe('角色 放射医师、安全审计员')
  })

  it('says what a policy and an account were and are', async () => {
    const { t } = await createI18n('zh-CN')
    const changes = {
      'password.minLength': { from: 10, to: 12 },
      'session.caps.perRole.auditor': { from: null, to: 2 },
      'signIn.fallbackAllowed': { from: true, to: false },
      'some.future': { from: 1, to: { a: 2 } },
    }
    expect(factsLine(t, row({ changes }))).toBe(
      '修改 最小长度 10 位 → 12 位；角色：安全审计员 不限 → 2 个；允许应急登录（密码 + 动态码） 允许 → 禁止；some.future 1 → {"a":2}',
    )
    const authority = (roles: string[]) => ({ roles, clearance: 'general', emergency: false })
    expect(factsLine(t, row({ before: authority([]), after: authority(['radiologist']) }))).toBe(
      '原 角色 无，访问等级 一般，可用保留名额 否　现 角色 放射医师，访问等级 一般，可用保留名额 否',
    )
    expect(whoText(t, 'table:accounts')).toBe('表格 账号')
  })
})
