import { describe, expect, it } from 'vitest'
import { scanLine } from '../../../src/shared/critical/index.ts'
import { defaultAnalyzer } from './fixtures.ts'

const sides = (text: string, terms?: string[]) =>
  scanLine({ id: 1, text, ...(terms && { terms }) }, defaultAnalyzer()).findings.map((f) => f.side)

describe('laterality', () => {
  it.each<[text: string, ...sides: (string | undefined)[]]>([
    ['左侧气胸，右侧未见气胸', 'left', 'right'],
    ['右側氣胸', 'right'],
    ['双肺未见气胸', 'bilateral'],
    ['双侧硬膜下血肿，左侧为著', 'bilateral'],
    ['左、右侧气胸', 'bilateral'],
    ['左侧及右侧气胸', 'bilateral'],
    ['左侧额部颅板下见梭形高密度影，考虑硬膜外血肿', 'left'],
    ['气胸（左侧）', 'left'],
    ['脑出血，位于右侧基底节区', 'right'],
    ['Small left pneumothorax.', 'left'],
    ['Pulmonary embolism in the right lower lobe.', 'right'],
    ['Left and right pneumothorax', 'bilateral'],
    // another sentence, another finding's clause, a direction and the name of a part say nothing
    ['左侧气胸。脑疝', 'left', undefined],
    ['左侧颞叶脑出血，脑疝', 'left', undefined],
    ['主动脉夹层，双侧胸腔积液', undefined],
    ['左侧侧脑室受压，中线结构右偏约12mm', undefined],
    ['脑疝，中线右移', undefined, undefined],
    ['左心室血栓', undefined],
  ])('%s', (text, ...expected) => expect(sides(text)).toEqual(expected))

  it('is read for any term, and is absent where none is stated', () => {
    expect(sides('右肺动脉栓塞，左肺动脉未见栓塞', ['栓塞'])).toEqual(['right', 'left'])
    const { findings } = scanLine({ id: 1, text: '气胸' }, defaultAnalyzer())
    expect(findings[0]).not.toHaveProperty('side')
  })
})
