import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { actionText, factsLine, factsOf, whoText } from '../../../../src/renderer/administration/audit/audit-words.ts'
import { createI18n, type Language } from '../../../../src/renderer/i18n/index.ts'
import type { AuditRow } from '../../../../src/shared/api/administration.ts'

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
})
