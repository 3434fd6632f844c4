import { describe, expect, it } from 'vitest'
import defaultDictionary from '../../../../assets/dictionary/default.json' with { type: 'json' }
import { readDictionary } from '../../../../src/server/critical/dictionary/read-dictionary.ts'

describe('a dictionary', () => {
  it('that ships with the product may be used', () => {
    expect(readDictionary(defaultDictionary).entries.length).toBeGreaterThanOrEqual(38)
  })

  const [entry] = defaultDictionary.entries
  it.each([
    ['not an object', 'text', ''],
    ['without a version', { ...defaultDictionary, version: '' }, 'version'],
    ['with a wrong level', { version: '1', entries: [{ ...entry, level: 'blue' }] }, 'entries.0.level'],
    ['with a type twice', { version: '1', entries: [entry, entry] }, entry?.code],
  ])('%s is refused, the field named', (_, content, field) => {
    expect(() => readDictionary(content)).toThrow(
      expect.objectContaining({ code: 'dictionary-invalid', facts: expect.objectContaining({ field }) }),
    )
  })
})
