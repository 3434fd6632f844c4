import { criticalTypes } from '../../../src/renderer/report/critical-types.ts'
import type { EarlierAlert } from '../../../src/shared/alert/index.ts'
import { CriticalDictionary, type SectionFinding } from '../../../src/shared/critical/index.ts'
import { alertOf, recipients } from '../window/alert-facts.ts'

export const text = {
  findings: '双肺清晰。左侧大量气胸，肺压缩约60%；未见肺栓塞。',
  impression: '1. 左侧大量气胸。\n2. 右侧大量气胸待排。',
}

/** A hit on the `nth` occurrence of a word. */
export function finding(
  word: string,
  grade: SectionFinding['grade'],
  type: string,
  change: Partial<SectionFinding> = {},
  nth = 0,
): SectionFinding {
  const { section = 'findings' } = change
  let start = -1
  for (let found = 0; found <= nth; found += 1) start = text[section].indexOf(word, start + 1)
  const end = start + word.length
  return { section, start, end, text: word, term: word, type, level: 'red', grade, because: '', ...change }
}

export const inFindings = finding('大量气胸', 'positive', 'LARGE_PNEUMOTHORAX', { side: 'left' })
export const inImpression = finding('大量气胸', 'positive', 'LARGE_PNEUMOTHORAX', {
  section: 'impression',
  side: 'left',
})
export const otherSide = finding(
  '大量气胸',
  'possible',
  'LARGE_PNEUMOTHORAX',
  { section: 'impression', side: 'right' },
  1,
)
export const negated = finding('肺栓塞', 'negated', 'PULMONARY_EMBOLISM')
export const outOfScope = finding('双肺', 'positive', 'ARDS', { outOfScope: true })

const term = (words: string) => [{ text: words, language: 'zh' as const }]
export const dictionary = CriticalDictionary.parse({
  version: 'test-1',
  entries: [
    {
      code: 'LARGE_PNEUMOTHORAX',
      nameZh: '大量气胸',
      nameEn: 'large pneumothorax',
      level: 'red',
      terms: term('大量气胸'),
    },
    {
      code: 'PULMONARY_EMBOLISM',
      nameZh: '肺栓塞',
      nameEn: 'PE',
      level: 'orange',
      recipient: 'doctor',
      terms: term('肺栓塞'),
    },
    { code: 'ARDS', nameZh: '急性呼吸窘迫综合征', nameEn: 'ARDS', level: 'red', terms: term('白肺') },
  ],
})
export const types = criticalTypes(dictionary, 'zh-CN')

export { recipients }

export function earlier(
  id: string,
  type: string,
  status: EarlierAlert['state']['status'] = 'received',
  side: EarlierAlert['side'] = null,
): EarlierAlert {
  const { raisedAt, raisedBy, content, state } = alertOf(
    id,
    { type, typeName: type, content: '左侧大量气胸' },
    status,
  )
  return { id, type, side, raisedAt, raisedBy, content, state }
}
