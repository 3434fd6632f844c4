import { describe, expect, it } from 'vitest'
import defaultDictionary from '../../../../assets/dictionary/default.json' with { type: 'json' }
import { rememberSentences } from '../../../../src/server/critical/dictionary/remember-sentences.ts'
import { analyseText, CriticalDictionary, compileDictionary } from '../../../../src/shared/critical/index.ts'

describe('an analyser that remembers sentences', () => {
  const analyzer = compileDictionary(CriticalDictionary.parse(defaultDictionary))

  it('finds what the other finds, in any text, again and again', () => {
    const remembering = rememberSentences(analyzer)
    const texts = [
      '右侧气胸。未见骨折。右侧气胸。',
      '检查目的：右侧气胸。\n影像所见：右侧气胸。',
      '既往史：脑出血。脑出血。',
      'No PE. Pneumothorax.\nIndication: rule out PE. PE.',
    ]
    for (const text of [...texts, ...texts.toReversed()])
      expect(analyseText(remembering, text)).toEqual(analyseText(analyzer, text))
  })
})
