import { describe, expect, it } from 'vitest'
import { createI18n, type Language } from '../../../src/renderer/i18n/index.ts'
import { endedSentence } from '../../../src/renderer/sign-in/ended-sentence.ts'
import { SessionEndReason } from '../../../src/shared/session/index.ts'

const now = new Date(2026, 10, 22, 14, 0).getTime()
const at = new Date(2026, 10, 22, 10, 32).getTime()

describe('why a session is over', () => {
  it.each<Language>(['zh-CN', 'en'])('has a sentence of its own for every reason in %s', async (language) => {
    const { t } = await createI18n(language)
    const said = SessionEndReason.options.map((reason) =>
      endedSentence(t, { reason, at, byWorkstation: 'CT 室-01' }, now),
    )
    expect(new Set(said).size).toBe(SessionEndReason.options.length)
    for (const [n, sentence] of said.entries()) {
      expect(sentence).not.toMatch(/\{\{|signIn\./)
      // Who ended it needs no telling.
      if (SessionEndReason.options[n] === 'signed-out') expect(sentence).toBe('')
      else expect(sentence).toContain('10:32')
    }
  })

  it('names whose account it was, where it went and when', async () => {
    const { t } = await createI18n('zh-CN')
    const ended = { reason: 'taken-over', at, byWorkstation: 'CT 室-01', displayName: '李明华' } as const
    expect(endedSentence(t, ended, now)).toBe(
      '李明华的账号已于 10:32 在工作站 CT 室-01 登录，本机会话已结束。',
    )
    expect(endedSentence(t, { reason: 'taken-over', at, displayName: '李明华' }, now)).toContain(
      '另一台工作站',
    )
    expect(endedSentence(t, { reason: 'idle', at }, now)).toContain('您的会话')
  })
})
