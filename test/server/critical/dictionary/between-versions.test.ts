import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { DictionaryContent } from '../../../../src/shared/api/dictionary.ts'
import { alertFor, aStudy, openReadingRoom, type ReadingRoom } from '../../reports/reading-room.ts'
import { until } from '../../sessions/event-log.ts'

let room: ReadingRoom
beforeEach(async () => {
  room = await openReadingRoom()
  room.studies.set('1.2.1', aStudy('1.2.1'))
})
afterEach(() => room.foundation.close())

/** Published at this gateway, by two people, between what a radiologist does. */
async function publish(change: (content: DictionaryContent) => DictionaryContent) {
  const { handlers, request } = room
  const { version: _, ...content } = room.critical.dictionaries.inForce().dictionary
  const ask = (who: string, body: object = {}) => request(who, { body }) as never
  const draft = await handlers.beginDictionaryDraft(ask('wang'))
  const { revision } = await handlers.saveDictionaryDraft(
    ask('wang', { baseRevision: draft.revision, content: change(content), note: '' }),
  )
  await handlers.beginDryRun(ask('wang', { revision, months: 1 }))
  await until(async () => (await handlers.dryRun(ask('wang'))).state === 'done')
  return handlers.publishDictionary(ask('li', { revision }))
}

const withTerm = (text: string) => (content: DictionaryContent) => ({
  ...content,
  entries: content.entries.map((entry, i) =>
    i === 0 ? { ...entry, terms: [...entry.terms, { text, language: 'zh' as const }] } : entry,
  ),
})
const text = { findings: '左侧张力性气胸。另见甲乙丙征。', impression: '' }

describe('a report prepared under one dictionary and signed under another', () => {
  it('is refused as changed, and signed once it was prepared anew', async () => {
    const { findings, document, earlier } = await room.prepare('li', '1.2.1', text)
    expect(document.dictionaryVersion).toBe('default-1')
    const decisions = findings.map((finding) => alertFor(finding, earlier))
    await publish(withTerm('甲乙丙征'))
    await expect(room.submit('li', '1.2.1', { ...document, decisions })).rejects.toMatchObject({
      code: 'report-changed',
    })
    // Nor under a name that the workstation gives it.
    const renamed = { ...document, decisions, dictionaryVersion: 'D2' }
    await expect(room.submit('li', '1.2.1', renamed)).rejects.toMatchObject({ code: 'report-changed' })
    const { alerts } = await room.signOff('li', '1.2.1', text)
    expect(alerts.map(({ dictionaryVersion }) => dictionaryVersion)).toEqual(['D2', 'D2'])
  })

  it('leaves alerts that were raised before with the version they were raised under', async () => {
    await room.signOff('li', '1.2.1', text)
    await publish((content) => ({ ...content, entries: content.entries.slice(0, 1) }))
    const { alerts } = await room.handlers.alerts(
      room.request('li', { query: { study: '1.2.1', show: 'all', limit: 10 } }) as never,
    )
    expect(alerts).toMatchObject([{ dictionaryVersion: 'default-1', typeName: '张力性气胸' }])
  })
})
