import { afterEach, describe, expect, it } from 'vitest'
import { DictionaryContent } from '../../../../src/shared/api/dictionary.ts'
import { openTestFoundation } from '../../foundation.ts'
import { contentOf, openDictionary } from './on-a-store.ts'

const close: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const one of close.splice(0).reverse()) await one()
})

async function opened() {
  const foundation = await openTestFoundation()
  close.push(() => foundation.close())
  return { foundation, ...(await openDictionary(foundation)) }
}
const begin = { body: {} }
const oneType = contentOf('LARGE_PNEUMOTHORAX')
const save = (baseRevision: number, content = oneType, note = '') => ({
  body: { baseRevision, content, note },
})
const refused = (code: string, facts: object = {}) => ({ code, facts: expect.objectContaining(facts) })

describe('the draft of a dictionary', () => {
  it('has the content of what is in force, and there is one', async () => {
    const { call } = await opened()
    const draft = await call('an', 'beginDictionaryDraft', begin)
    expect(draft).toMatchObject({ version: 'D2', state: 'draft', base: 'default-1', createdBy: '安主任' })
    expect(draft.editors).toEqual([{ accountId: 'an', name: '安主任' }])
    const { content } = await call('bo', 'dictionaryVersion', { params: { version: 'D2' } })
    const { version: _, ...inForce } = await call('bo', 'dictionary')
    expect(content).toEqual(inForce)
    await expect(call('bo', 'beginDictionaryDraft', begin)).rejects.toMatchObject(refused('conflict'))
  })

  it('begins from an older version where one is named, and from none that is not there', async () => {
    const { call, publish } = await opened()
    await publish(oneType)
    await expect(call('an', 'beginDictionaryDraft', { body: { from: 'D7' } })).rejects.toMatchObject(
      refused('not-found'),
    )
    const draft = await call('an', 'beginDictionaryDraft', { body: { from: 'default-1' } })
    expect(draft).toMatchObject({ version: 'D3', base: 'default-1' })
    expect(draft.entries).toBeGreaterThan(30)
  })

  it('is saved by two people in turn, never one over the other', async () => {
    const { call } = await opened()
    await call('an', 'beginDictionaryDraft', begin)
    expect(await call('bo', 'saveDictionaryDraft', save(1, oneType, '儿科'))).toMatchObject({
      revision: 2,
      note: '儿科',
      entries: 1,
      editors: [{ accountId: 'an' }, { accountId: 'bo' }],
    })
    await expect(call('an', 'saveDictionaryDraft', save(1))).rejects.toMatchObject(refused('conflict'))
  })

  it('that may not be used is not saved, and the field is named', async () => {
    const { call } = await opened()
    await call('an', 'beginDictionaryDraft', begin)
    const [entry] = oneType.entries
    const twice = DictionaryContent.parse({ entries: [entry, entry] })
    await expect(call('an', 'saveDictionaryDraft', save(1, twice))).rejects.toMatchObject(
      refused('dictionary-invalid', {
        field: 'entries.1.code',
        reason: 'repeated',
        value: 'LARGE_PNEUMOTHORAX',
      }),
    )
    const { version } = await call('an', 'dictionaryVersion', { params: { version: 'D2' } })
    expect(version.revision).toBe(1)
  })

  it('is given up, stays in the history, and the next one has another name', async () => {
    const { call } = await opened()
    await call('an', 'beginDictionaryDraft', begin)
    await call('an', 'discardDictionaryDraft')
    await expect(call('an', 'discardDictionaryDraft')).rejects.toMatchObject(refused('not-found'))
    await expect(call('an', 'saveDictionaryDraft', save(1))).rejects.toMatchObject(refused('not-found'))
    await call('an', 'beginDictionaryDraft', begin)
    const { versions } = await call('an', 'dictionaryVersions')
    expect(versions.map(({ version, state }) => [version, state])).toEqual([
      ['D3', 'draft'],
      ['D2', 'discarded'],
      ['default-1', 'published'],
    ])
  })
})

describe('publication', () => {
  it('of what was not tested, or changed since, is refused', async () => {
    const { call, dryRun, dictionaries } = await opened()
    await call('an', 'beginDictionaryDraft', begin)
    await expect(call('bo', 'publishDictionary', { body: { revision: 1 } })).rejects.toMatchObject(
      refused('dictionary-untested'),
    )
    await dryRun('an', 1)
    await call('an', 'saveDictionaryDraft', save(1))
    await expect(call('bo', 'publishDictionary', { body: { revision: 1 } })).rejects.toMatchObject(
      refused('conflict'),
    )
    await expect(call('bo', 'publishDictionary', { body: { revision: 2 } })).rejects.toMatchObject(
      refused('dictionary-untested'),
    )
    expect(dictionaries.inForce().dictionary.version).toBe('default-1')
  })

  it('by somebody who wrote at it is refused and audited; a tester may', async () => {
    const { foundation, call, dryRun } = await opened()
    await call('an', 'beginDictionaryDraft', begin)
    await dryRun('bo', 1)
    await expect(call('an', 'publishDictionary', { body: { revision: 1 } })).rejects.toMatchObject(
      refused('second-person-required'),
    )
    const [told] = await foundation.audit.tail(undefined, ['dictionary.published'])
    expect(told).toMatchObject({
      outcome: 'refused',
      actor: 'account:an',
      detail: { code: 'second-person-required' },
    })
    expect(await call('bo', 'publishDictionary', { body: { revision: 1 } })).toMatchObject({
      state: 'published',
      testedBy: '薄医师',
      approvedBy: '薄医师',
    })
  })

  it('says in the audit which types and rules it changed', async () => {
    const { foundation, publish } = await opened()
    await publish({ ...oneType, rules: { ...oneType.rules, repeatHours: 12 } })
    const [told] = await foundation.audit.tail(undefined, ['dictionary.published'])
    expect(told?.detail).toMatchObject({ added: [], changed: [], rules: ['repeatHours'], editors: ['an'] })
    expect(told?.detail.removed).toContain('PULMONARY_EMBOLISM')
  })

  it('happens once: a repeated request finds no draft', async () => {
    const { call, publish } = await opened()
    const { revision } = await publish(oneType)
    await expect(call('bo', 'publishDictionary', { body: { revision } })).rejects.toMatchObject(
      refused('not-found'),
    )
  })
})
