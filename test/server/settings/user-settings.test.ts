import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { SettingsArea } from '../../../src/shared/settings/index.ts'
import { openReadingRoom, type ReadingRoom } from '../reports/reading-room.ts'

let room: ReadingRoom
beforeEach(async () => {
  room = await openReadingRoom()
})
afterEach(() => room.close())

const save = (who: string, area: SettingsArea, value: unknown) =>
  room.handlers.saveSettings(room.request(who, { params: { area }, query: undefined, body: { value } }))
const read = async (who: string) =>
  (await room.handlers.settings(room.request(who, { params: undefined, query: undefined, body: undefined })))
    .settings
const phrase = { abbreviation: 'wjyc', text: '未见明显异常。', modality: '' }

describe('settings', () => {
  it('are each person’s own, and go back to what was delivered', async () => {
    expect(await read('li')).toEqual({})
    await save('li', 'phrases', { phrases: [phrase] })
    await save('li', 'worklist', {})
    expect(await read('li')).toEqual({
      phrases: { phrases: [phrase] },
      worklist: { columns: [], views: [], openWith: null },
    })
    expect(await read('wang')).toEqual({})
    await save('li', 'phrases', null)
    expect(Object.keys(await read('li'))).toEqual(['worklist'])
  })

  it('lie sealed, and the audit says only that they were saved', async () => {
    await save('li', 'phrases', { phrases: [phrase] })
    const rows = await room.store.db.selectFrom('user_settings').selectAll().execute()
    expect(JSON.stringify(rows)).not.toContain('未见')
    const [told] = await room.audit.tail()
    expect(told).toMatchObject({ action: 'settings.saved', detail: { area: 'phrases', delivered: false } })
    expect(JSON.stringify(told)).not.toContain('未见')
  })

  it.each([
    ['what its area does not know', 'worklist', { colour: 'pink' }, 'bad-request'],
    ['another area’s value', 'worklist', { phrases: [] }, 'bad-request'],
    ['no object', 'phrases', 'text', 'bad-request'],
    ['nothing', 'phrases', undefined, 'bad-request'],
    ['too much', 'phrases', { phrases: Array(501).fill(phrase) }, 'bad-request'],
    [
      'more than there is room for',
      'templates',
      {
        templates: Array.from({ length: 120 }, (_, i) => ({
          id: `t${i}`,
          name: '胸部',
          modality: 'CT',
          bodyParts: [],
          findings: '肺'.repeat(8000),
          impression: '',
        })),
      },
      'too-large',
    ],
  ])('refuse %s, and stay what they were', async (_, area, value, code) => {
    await save('li', 'phrases', { phrases: [phrase] })
    await expect(save('li', area as SettingsArea, value)).rejects.toMatchObject({ code })
    expect(await read('li')).toEqual({ phrases: { phrases: [phrase] } })
  })

  it('that were changed, or another person’s, are as delivered, and told once', async () => {
    await save('li', 'phrases', { phrases: [phrase] })
    await save('wang', 'phrases', { phrases: [] })
    await save('li', 'viewer', {})
    const { db } = room.store
    const [own] = await db.selectFrom('user_settings').selectAll().where('account_id', '=', 'li').execute()
    await db
      .updateTable('user_settings')
      .set({ sealed_value: own!.sealed_value })
      .where('account_id', '=', 'wang')
      .execute()
    expect(await read('wang')).toEqual({})
    expect(await read('wang')).toEqual({})
    expect(Object.keys(await read('li')).sort()).toEqual(['phrases', 'viewer'])
    const told = (await room.audit.tail()).filter(({ action }) => action === 'integrity.failed')
    expect(told.map(({ object }) => object)).toEqual(['user_settings:wang/phrases'])
    await save('wang', 'phrases', { phrases: [phrase] })
    expect(await read('wang')).toEqual({ phrases: { phrases: [phrase] } })
  })
})
