import { describe, expect, it } from 'vitest'
import { createI18n } from '../../../src/renderer/i18n/index.ts'
import { personName, sexAndAge } from '../../../src/renderer/patient/patient-facts.ts'

describe('patient facts', () => {
  it.each([
    ['Wang^Jianguo=王^建国', '王建国'],
    ['王建国', '王建国'],
    ['DOE^JOHN^^DR', 'DOE JOHN DR'],
    ['Yamada^Tarou=山田^太郎=やまだ^たろう', '山田太郎'],
    ['', ''],
  ])('%s reads %s', (given, read) => {
    expect(personName(given)).toBe(read)
  })

  it('words sex and age, and shows what it does not know as it stands', async () => {
    const { t } = await createI18n('zh-CN')
    expect(sexAndAge(t, 'M', '068Y')).toBe('男 / 68 岁')
    expect(sexAndAge(t, 'F', '008M')).toBe('女 / 8 月')
    expect(sexAndAge(t, '', '')).toBe('')
    expect(sexAndAge(t, 'X', '9')).toBe('X / 9')
  })
})
