import { describe, expect, it } from 'vitest'
import { deliveredPhrases, phrasesInForce } from '../../../../src/renderer/report/phrases/delivered.ts'
import {
  expansionAt,
  expansionWhileTyping,
  insertionOf,
} from '../../../../src/renderer/report/phrases/expansion.ts'
import { Phrase } from '../../../../src/shared/settings/index.ts'

const phrases = [
  { abbreviation: 'jq', text: '较前吸收', modality: '' },
  { abbreviation: 'jqs', text: '较前缩小', modality: '' },
  { abbreviation: 'dx', text: '大小约|×cm', modality: '' },
  { abbreviation: 'mr1', text: '信号', modality: 'MR' },
]

describe('a phrase by its abbreviation', () => {
  it('stands for the whole word before the cursor', () => {
    expect(expansionAt('病灶jq', phrases, 'CT')).toEqual({ from: 2, insert: '较前吸收', cursor: 4 })
    expect(expansionAt('病灶;jq', phrases, 'CT')).toEqual({ from: 2, insert: '较前吸收', cursor: 4 })
    expect(expansionAt('JQS', phrases, '')).toMatchObject({ insert: '较前缩小' })
    expect(expansionAt('病灶 jqx', phrases, 'CT')).toBeNull()
    expect(expansionAt('ajq', phrases, 'CT')).toBeNull()
    expect(expansionAt('jq。', phrases, 'CT')).toBeNull()
    expect(expansionAt('', phrases, 'CT')).toBeNull()
  })

  it('is of its modality, where it has one', () => {
    expect(expansionAt('mr1', phrases, 'CT')).toBeNull()
    expect(expansionAt('mr1', phrases, 'MR')).not.toBeNull()
    expect(expansionAt('mr1', phrases, '')).not.toBeNull()
  })

  it('expands while it is typed after a semicolon, once no other goes on from it', () => {
    expect(expansionWhileTyping(';jq', phrases, '')).toBeNull()
    expect(expansionWhileTyping(';jqs', phrases, '')).toMatchObject({ insert: '较前缩小' })
    expect(expansionWhileTyping('jqs', phrases, '')).toBeNull()
    expect(expansionWhileTyping('见；dx', phrases, '')).toBeNull()
  })

  it('puts the cursor where its bar is; a bar within a field is the field’s', () => {
    expect(insertionOf('大小约|×cm')).toEqual({ insert: '大小约×cm', cursor: 3 })
    expect(insertionOf('[[左|右]]肺|见')).toEqual({ insert: '[[左|右]]肺见', cursor: 8 })
    expect(insertionOf('未见异常')).toEqual({ insert: '未见异常', cursor: 4 })
  })
})

describe('the delivered phrases', () => {
  it('are some forty, each with an abbreviation of its own that can be typed', () => {
    expect(deliveredPhrases.length).toBeGreaterThanOrEqual(40)
    for (const phrase of deliveredPhrases) {
      Phrase.parse(phrase)
      expect(phrase.abbreviation).toMatch(/^[a-z][a-z0-9]*$/)
    }
    const all = deliveredPhrases.map(({ abbreviation }) => abbreviation)
    expect(new Set(all).size).toBe(all.length)
  })

  it('give way to one’s own', () => {
    const own = { abbreviation: 'wjyc', text: '无。', modality: '' }
    const force = phrasesInForce([own])
    expect(force.filter(({ abbreviation }) => abbreviation === 'wjyc')).toEqual([own])
    expect(force).toHaveLength(deliveredPhrases.length)
  })
})
