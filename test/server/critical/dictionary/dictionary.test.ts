import { describe, expect, it } from 'vitest'
import defaultDictionary from '../../../../assets/dictionary/default.json' with { type: 'json' }
import { readDictionary } from '../../../../src/server/critical/dictionary/read-dictionary.ts'

describe('a dictionary', () => {
  it('that ships with the product may be used', () => {
    expect(readDictionary(defaultDictionary).entries.length).toBeGreaterThanOrEqual(38)
  })

  const [entry] = defaultDictionary.entries
  const contact = { kind: 'ward', name: '急诊科护士站' }
  const withRules = (rules: object) => ({ version: '1', entries: [entry], rules })
  const withEntry = (change: object) => ({ version: '1', entries: [{ ...entry, ...change }] })
  const red = { receiveMinutes: 30, handleMinutes: 5, hopMinutes: 5 }
  const terms = [
    { text: '脑出血', language: 'zh' },
    { text: '脑 出血', language: 'zh', level: 'yellow' },
  ]
  const manyTypes = Array.from({ length: 101 }, (_, i) => ({
    ...entry,
    code: `TYPE_${i}`,
    terms: Array.from({ length: 200 }, (_, j) => ({ text: `词${i}-${j}`, language: 'zh' })),
  }))
  it.each([
    ['with twenty thousand terms and more', { version: '1', entries: manyTypes }, 'entries', 'too-many'],
    ['not an object', 'text', '', 'malformed'],
    ['without a version', { ...defaultDictionary, version: '' }, 'version', 'malformed'],
    ['with a wrong level', withEntry({ level: 'blue' }), 'entries.0.level', 'malformed'],
    ['with a type twice', { version: '1', entries: [entry, entry] }, 'entries.1.code', 'repeated'],
    ['with nothing in it', { version: '1', entries: [] }, 'entries', 'empty'],
    ['with a type without a name', withEntry({ nameZh: ' ' }), 'entries.0.nameZh', 'empty'],
    [
      'with a term of white space',
      withEntry({ terms: [{ text: '　', language: 'zh' }] }),
      'entries.0.terms.0.text',
      'empty',
    ],
    ['with a term that means two things', withEntry({ terms }), 'entries.0.terms.1.text', 'contradiction'],
    [
      'with an age from above to',
      withEntry({ scope: { age: { from: 9, to: 1 } } }),
      'entries.0.scope.age',
      'order',
    ],
    ['with a contact twice', withRules({ contacts: [contact, contact] }), 'rules.contacts.1', 'repeated'],
    [
      'with handling due before receipt',
      withRules({ deadlines: { red } }),
      'rules.deadlines.red.handleMinutes',
      'deadlines',
    ],
  ])('%s is refused, the field named', (_, content, field, reason) => {
    expect(() => readDictionary(content)).toThrow(
      expect.objectContaining({
        code: 'dictionary-invalid',
        facts: expect.objectContaining({ field, reason }),
      }),
    )
  })
})
