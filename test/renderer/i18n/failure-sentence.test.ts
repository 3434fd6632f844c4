import { describe, expect, it } from 'vitest'
import { createI18n, failureSentence, type Language } from '../../../src/renderer/i18n/index.ts'
import { ErrorCode } from '../../../src/shared/errors/index.ts'

const now = new Date(2026, 10, 22, 14, 0).getTime()
const at = new Date(2026, 10, 22, 10, 32).getTime()

async function say(language: Language) {
  const { t } = await createI18n(language)
  return (code: ErrorCode, facts?: Record<string, string | number | boolean>) =>
    failureSentence(t, facts ? { code, facts } : { code }, now)
}

describe('what a failure says', () => {
  it.each<Language>(['zh-CN', 'en'])(
    'has a sentence of its own for every code in %s, without facts',
    async (language) => {
      const words = await say(language)
      const sentences = ErrorCode.options.map((code) => words(code))
      expect(new Set(sentences).size).toBe(ErrorCode.options.length)
      for (const sentence of sentences) {
        expect(sentence).not.toMatch(/\{\{|errors\.|errorDetails\./)
        expect(sentence).toMatch(/[。.]$/)
      }
    },
  )

  it('tells the tries that are left, or the time to wait', async () => {
    const words = await say('zh-CN')
    expect(words('pin-wrong', { triesLeft: 2 })).toContain('还可再试 2 次')
    expect(words('pin-wrong', { retryInMs: 4200 })).toContain('5 秒后')
    expect(words('pin-wrong', { slot: 0 })).toBe(words('pin-wrong'))
  })

  it('tells where and since when a session runs elsewhere', async () => {
    const words = await say('zh-CN')
    const sentence = words('session-elsewhere', { workstation: 'CT 室-01', since: at })
    expect(sentence).toContain('10:32')
    expect(sentence).toContain('CT 室-01')
    expect(words('session-elsewhere', { since: at })).toBe(words('session-elsewhere'))
  })

  it('says which cap is reached, and names the role', async () => {
    const words = await say('zh-CN')
    const caps = ['total', 'period', 'workstation', 'role'].map((cap) =>
      words('session-cap', { cap, limit: 7, role: 'technologist' }),
    )
    expect(new Set(caps).size).toBe(4)
    for (const sentence of caps) expect(sentence).toContain('7')
    expect(caps[3]).toMatch(/^技师同时登录的人数/)
    // Without what the sentence names, and for a cap that is not known, the plain sentence.
    expect(words('session-cap', { cap: 'role', limit: 7 })).toBe(words('session-cap'))
    expect(words('session-cap', { cap: 'constructor', limit: 7 })).toBe(words('session-cap'))
  })

  it('tells why a password is refused or must be changed', async () => {
    const words = await say('en')
    expect(words('password-unacceptable', { why: 'too-short', minLength: 10 })).toContain('10')
    expect(words('password-unacceptable', { why: 'reused', history: 5 })).toContain('5')
    expect(words('password-unacceptable', { why: 'weak' })).not.toBe(words('password-unacceptable'))
    expect(words('password-change-required', { why: 'expired' })).toContain('expired')
    expect(words('account-unknown', { mayBind: true })).toContain('binding code')
    expect(words('account-unknown', { mayBind: false })).not.toContain('binding code')
  })

  it('tells how far the clock is off, whichever way', async () => {
    expect((await say('en'))('clock-skewed', { skewMs: -95_000 })).toContain('95 s')
  })
})
