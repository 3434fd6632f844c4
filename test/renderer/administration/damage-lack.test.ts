import { expect, it } from 'vitest'
import { lackText } from '../../../src/renderer/administration/protection/protection-words.ts'
import { createI18n } from '../../../src/renderer/i18n/index.ts'

it('what a table lacks is said in words, with the rows that a backup could name', async () => {
  const { t } = await createI18n('zh-CN')
  const source = 'backup:20261123T010000000Z-0a1b2c3d'
  expect(lackText(t, { missing: 2, source, keys: ['account:a', 'account:b'] })).toBe(
    '缺 2 行。备份 20261123T010000000Z-0a1b2c3d 中有、现在没有的：account:a, account:b',
  )
  expect(lackText(t, { missing: -1, source: '', keys: [] })).toBe('多 1 行。')
  expect(lackText(t, { missing: 0, source, keys: [] })).toBe('行数相符，内容被调换。')
})
