import { describe, expect, it } from 'vitest'
import defaultDictionary from '../../../assets/dictionary/default.json' with { type: 'json' }
import { DictionaryContent } from '../../../src/shared/api/dictionary.ts'
import { diffDictionaries, isSameDictionary } from '../../../src/shared/dictionary/index.ts'

const before = DictionaryContent.parse({
  entries: [
    {
      code: 'PTX',
      nameZh: '气胸',
      nameEn: 'pneumothorax',
      level: 'orange',
      terms: [
        { text: '气胸', language: 'zh' },
        { text: 'pneumothorax', language: 'en' },
      ],
    },
    { code: 'PE', nameZh: '肺栓塞', nameEn: 'PE', level: 'red', terms: [{ text: '肺栓塞', language: 'zh' }] },
  ],
  rules: { contacts: [{ kind: 'duty-office', name: '总值班', phone: '1' }] },
})
const [ptx, pe] = before.entries

describe('the comparison of two dictionaries', () => {
  it('of the same finds nothing, whatever the order', () => {
    const content = DictionaryContent.parse(defaultDictionary)
    const turned = {
      ...content,
      entries: content.entries.toReversed().map((entry) => ({ ...entry, terms: entry.terms.toReversed() })),
    }
    expect(isSameDictionary(diffDictionaries(content, turned))).toBe(true)
  })

  it('names what came, went, and says something else', () => {
    const after = DictionaryContent.parse({
      ...before,
      entries: [
        {
          ...ptx,
          level: 'red',
          scope: { modalities: ['CT', 'DX'], age: { from: 18 } },
          terms: [
            { text: '气胸', language: 'zh', level: 'red', notWithin: ['含气胸腔胃'] },
            { text: '气 胸', language: 'zh' },
          ],
        },
        { ...pe, code: 'PE2' },
      ],
    })
    expect(diffDictionaries(before, after)).toEqual({
      added: [{ ...pe, code: 'PE2' }],
      removed: [pe],
      changed: [
        {
          code: 'PTX',
          nameZh: '气胸',
          fields: [
            { column: 'level', before: '橙', after: '红' },
            { column: 'modalities', before: '', after: 'CT; DX' },
            { column: 'ageFrom', before: '', after: '18' },
          ],
          terms: {
            added: [{ text: '气 胸', language: 'zh' }],
            removed: [{ text: 'pneumothorax', language: 'en' }],
            changed: [
              {
                text: '气胸',
                language: 'zh',
                fields: [
                  { column: 'termLevel', before: '', after: '红' },
                  { column: 'notWithin', before: '', after: '含气胸腔胃' },
                ],
              },
            ],
          },
        },
      ],
      rules: [],
    })
  })

  it('names rules by their path, contacts by whom they are for', () => {
    const rules = DictionaryContent.parse({
      entries: [],
      rules: {
        repeatHours: 12,
        escalation: ['ward', 'duty-office'],
        secondCheck: { mode: 'required', onePersonTwice: { night: null } },
        contacts: [
          { kind: 'department-head', department: '急诊科', name: '主任' },
          { kind: 'duty-office', name: '总值班', phone: '2' },
        ],
      },
    }).rules
    const paths = Object.fromEntries(
      diffDictionaries(before, { ...before, rules }).rules.map(({ path, ...change }) => [path, change]),
    )
    expect(paths).toMatchObject({
      repeatHours: { before: 24, after: 12 },
      escalation: { after: ['ward', 'duty-office'] },
      'secondCheck.mode': { before: 'off', after: 'required' },
      'secondCheck.onePersonTwice.night.from': { before: '22:00', after: null },
      'contacts[duty-office/].phone': { before: '1', after: '2' },
      'contacts[department-head/急诊科].name': { before: null, after: '主任' },
    })
  })
})
