import { describe, expect, it } from 'vitest'
import { analyseText } from '../../../src/shared/critical/index.ts'
import { findMeasurements } from '../../../src/shared/critical/measurements.ts'
import { defaultAnalyzer } from './fixtures.ts'

const graded = (text: string) =>
  analyseText(defaultAnalyzer(), text).map((f) => `${f.grade} ${f.level}${f.because && ` ${f.because}`}`)

describe('measurements', () => {
  it('reads units, ranges and several diameters, and takes the largest', () => {
    const read = (text: string) => findMeasurements(text).map((m) => `${m.value} ${m.unit}`)
    expect(read('约30ml')).toEqual(['30 ml'])
    expect(read('约3.5cm')).toEqual(['35 mm'])
    expect(read('大小约3.0cmx2.5cmx4.1cm')).toEqual(['41 mm'])
    expect(read('压缩约50-60%')).toEqual(['60 percent'])
    expect(read('百分之七十, 百分之70')).toEqual(['70 percent'])
    expect(read('12 毫升, 8 毫米, 5cc')).toEqual(['12 ml', '8 mm', '5 ml'])
    expect(read('第3椎体 12mmol 2023-05-01')).toEqual([])
  })

  it('makes a required measurement decide between positive and possible', () => {
    expect(graded('中线结构左偏约12mm')).toEqual(['positive red'])
    expect(graded('中线结构左偏约１.２ｃｍ')).toEqual(['positive red'])
    expect(graded('中线结构明显右偏约１３㎜')).toEqual(['positive red'])
    expect(graded('中线移位')).toEqual(['possible red'])
    expect(graded('中线移位约5mm')).toEqual(['possible yellow 5mm'])
    expect(graded('Midline shift of 12 mm.')).toEqual(['positive red'])
    expect(graded('There is 4 mm midline shift.')).toEqual(['possible yellow 4 mm'])
    expect(graded('腹主动脉瘤，最大直径约6.2cm')).toEqual(['positive orange'])
    expect(graded('未见中线移位')).toEqual(['negated red 未见'])
  })

  it('lets a measurement set the level', () => {
    expect(graded('左侧气胸，肺压缩约60%')).toEqual(['positive red'])
    expect(graded('左侧气胸，肺压缩约20％')).toEqual(['positive yellow'])
    expect(graded('左侧气胸')).toEqual(['positive orange'])
    expect(graded('左侧气胸，肺压缩约60%，右侧气胸，肺压缩约20%')).toEqual([
      'positive red',
      'positive yellow',
    ])
    expect(graded('右侧基底节区脑出血，量约35ml')).toEqual(['positive red'])
    expect(graded('左颞叶血肿，出血量30ml')).toEqual(['positive red'])
    expect(graded('左颞叶血肿，出血量29ml')).toEqual(['positive orange'])
    expect(graded('右侧颞叶脑出血，量约12ml')).toEqual(['positive orange'])
    expect(graded('小脑半球出血，量约12ml')).toEqual(['positive red'])
    expect(graded('右侧颞叶脑出血')).toEqual(['positive red'])
  })

  it('raises the level of what is new or growing', () => {
    expect(graded('左侧气胸较前增多')).toEqual(['positive red 较前增多'])
    expect(graded('新发左侧气胸，肺压缩约20%')).toEqual(['positive orange 新发'])
  })
})
