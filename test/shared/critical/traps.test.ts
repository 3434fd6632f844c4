import { describe, expect, it } from 'vitest'
import { scanLine } from '../../../src/shared/critical/index.ts'
import { defaultAnalyzer } from './fixtures.ts'

/** Every wording trap of the critical-values facts: the sentence, with each term in its order and the grade that it must get. */
const CHINESE: [text: string, ...grades: string[]][] = [
  // negation over a list, ended by a comma or by a new statement
  ['未见气胸、主动脉夹层及肺栓塞', 'negated', 'negated', 'negated'],
  ['无肺栓塞或主动脉夹层', 'negated', 'negated'],
  ['右侧未见气胸，左侧气胸', 'negated', 'positive'],
  ['未见气胸；肺栓塞', 'negated', 'positive'],
  ['未见气胸。肺栓塞', 'negated', 'positive'],
  ['未见主动脉夹层但有肺栓塞', 'negated', 'positive'],
  ['未见主动脉夹层而右肺动脉栓塞', 'negated', 'positive'],
  ['未见主动脉夹层可见肺栓塞', 'negated', 'positive'],
  ['未见主动脉夹层另见肺栓塞', 'negated', 'positive'],
  ['气胸、肺栓塞均未见', 'negated', 'negated'],
  ['未见提示肺栓塞的征象', 'negated'],
  ['未并发脑疝', 'negated'],
  ['未见明确脑出血', 'negated'],
  ['未见明显脑出血', 'negated'],
  ['未发现脑出血', 'negated'],
  ['否认宫外孕', 'negated'],
  ['已排除肺栓塞', 'negated'],
  ['肺栓塞已排除', 'negated'],
  ['不支持肺栓塞', 'negated'],
  ['非张力性气胸', 'negated'],
  ['脑出血，不伴脑疝', 'positive', 'negated'],
  // not negation
  ['不除外肺栓塞', 'possible'],
  ['不排除肺栓塞', 'possible'],
  ['肺栓塞不能排除', 'possible'],
  ['未除外肺栓塞', 'possible'],
  ['肺栓塞待排', 'possible'],
  ['肺栓塞待除外', 'possible'],
  ['考虑肺栓塞', 'possible'],
  ['疑似肺栓塞', 'possible'],
  ['可疑肺栓塞', 'possible'],
  ['倾向肺栓塞', 'possible'],
  ['肺栓塞可能', 'possible'],
  ['肺栓塞?', 'possible'],
  ['肺栓塞？', 'possible'],
  ['左侧气胸无明显好转', 'positive'],
  ['不能完全除外肺栓塞、主动脉夹层', 'possible', 'possible'],
  // purpose
  ['建议CTA排除主动脉夹层', 'possible'],
  ['请结合临床除外肺栓塞', 'possible'],
  ['检查目的: 排除肺栓塞', 'possible'],
  ['检查目的：肺栓塞\n影像所见：未见肺栓塞', 'possible', 'negated'],
  // change
  ['左侧气胸较前吸收', 'improved'],
  ['左侧气胸较前减少', 'improved'],
  ['左侧气胸较前好转', 'improved'],
  ['左侧气胸较前缩小', 'improved'],
  ['左侧气胸，较前吸收', 'improved'],
  ['左侧气胸较前增多', 'positive'],
  ['硬膜下血肿较前进展', 'positive'],
  ['新发脑出血', 'positive'],
  ['左侧气胸较前相仿', 'positive'],
  ['左侧气胸较前变化不大', 'positive'],
  ['左侧气胸，胸腔积液较前吸收', 'positive'],
  ['较前片左侧脑出血吸收', 'improved'],
  ['较前片脑出血周围水肿吸收', 'positive'],
  ['左侧气胸吸收欠佳', 'positive'],
  // history
  ['陈旧性脑出血', 'historical'],
  ['脑出血术后改变', 'historical'],
  ['脑出血术后再出血', 'positive'],
  ['脑出血病史', 'historical'],
  ['既往肺栓塞', 'historical'],
  ['曾患肺栓塞', 'historical'],
  ['复查肺栓塞', 'historical'],
  ['肺癌术后，左侧气胸', 'positive'],
  ['脑出血治疗后未见吸收', 'positive'],
  ['硬膜下血肿引流术后，未见复发', 'historical'],
  ['现病史：突发胸痛，肺栓塞', 'possible'],
  ['有肺栓塞家族史', 'historical'],
  ['多发大面积脑梗死，部分陈旧', 'positive'],
  ['父亲有脑出血病史', 'historical'],
  // conditional
  ['如出现气胸，请及时就诊', 'possible'],
  // spelling
  ['含气胸腔胃'],
  ['右側氣胸', 'positive'],
  [
    '顳葉出血，兩側氣胸，闌尾穿孔，腸繫膜缺血，宮外孕',
    'positive',
    'positive',
    'positive',
    'positive',
    'positive',
  ],
  ['左側額葉血腫，腦室積血', 'positive', 'positive'],
  ['右肺下叶动脉内见充盈缺损', 'positive'],
  ['大面积脑梗塞', 'positive'],
  ['食道异物', 'positive'],
  ['蛛网膜下隙出血', 'positive'],
  ['急性 硬膜外 血肿', 'positive'],
]

const ENGLISH: typeof CHINESE = [
  ['No pulmonary embolism, aortic dissection, or free air.', 'negated', 'negated', 'negated'],
  ['Chest CT without pulmonary embolism.', 'negated'],
  ['Patient denies ectopic pregnancy.', 'negated'],
  ['Negative for pulmonary embolism.', 'negated'],
  ['No evidence of pulmonary embolism.', 'negated'],
  ['The abdomen is free of free air.', 'negated'],
  ['Pulmonary embolism is not seen.', 'negated'],
  ['Pulmonary embolism was ruled out.', 'negated'],
  ['Findings are not consistent with aortic dissection.', 'negated'],
  ['Pulmonary embolism cannot be excluded.', 'possible'],
  ['Pulmonary embolism is not ruled out.', 'possible'],
  ['Rule out aortic dissection.', 'possible'],
  ['Suspected volvulus.', 'possible'],
  ['No intrauterine pregnancy identified, ectopic pregnancy on the left.', 'positive'],
  ['Absence of flow in the left testis, testicular torsion.', 'positive'],
  ['Ectopic pregnancy should be considered.', 'possible'],
  ['Free air, and his urine cultures were negative.', 'positive'],
  ['Pulmonary embolism in the right lower lobe is not seen.', 'negated'],
  ['No treatment for pulmonary embolism was given.', 'positive'],
  ['Return if there are signs of ectopic pregnancy.', 'possible'],
  ['CT without contrast. Pulmonary embolism', 'positive'],
  ['CT head without IV contrast shows SAH.', 'positive'],
  ['Not relieved by morphine, aortic dissection', 'positive'],
  ['No problems until free air after colonoscopy.', 'positive'],
  ['Previously seen pneumothorax is unchanged.', 'positive'],
  ['80 year old female, ectopic pregnancy', 'positive'],
  ['A 60-year-old aortic dissection patient', 'positive'],
  ['Status post fall with subdural hematoma.', 'positive'],
  ['Two-day history of increasing pneumothorax.', 'positive'],
  ['History of subdural hematoma.', 'historical'],
  ['Family history of aortic dissection.', 'historical'],
  ['The pneumothorax has resolved.', 'improved'],
  ['No change in pneumothorax.', 'positive'],
  ['No increase in the subdural haematoma.', 'positive'],
  ['Not only pneumothorax but also tension pneumothorax.', 'positive', 'positive'],
  ['No aortic dissection, but pulmonary embolism.', 'negated', 'positive'],
  ['No pleural effusion, small left pneumothorax.', 'positive'],
  ['If free air is seen, call the surgeon.', 'possible'],
  ['Subdural haematomas and SUBDURAL HEMATOMA', 'positive', 'positive'],
  ['pes planus, speed, typed'],
  ['急诊CTPA：no PE，右侧气胸', 'negated', 'positive'],
]

describe('wording traps', () => {
  it.each([...CHINESE, ...ENGLISH])('%s', (text, ...grades) => {
    const { findings } = scanLine({ id: 1, text }, defaultAnalyzer())
    const ofTypes = findings.filter((f) => f.type !== 'HAEMORRHAGE_INFARCT_PROGRESSION')
    expect(ofTypes.map((f) => f.grade)).toEqual(grades)
  })

  it('says which words decided, as written', () => {
    const because = (text: string) =>
      scanLine({ id: 1, text }, defaultAnalyzer()).findings.map((f) => f.because)
    expect(because('右侧未见明确气胸，左侧气胸')).toEqual(['未见明确', ''])
    expect(because('不能 完全除外 肺栓塞')).toEqual(['不能 完全除外'])
    expect(because('Pulmonary embolism CANNOT be excluded.')).toEqual(['CANNOT be excluded'])
    expect(because('𠮷右側未見　明確氣胸，左側氣胸較前增多')).toEqual(['未見　明確', '較前增多'])
    expect(because('Ｎｏ　ＳＡＨ；ＳＡＨ（－）')).toEqual(['Ｎｏ', '（－）'])
    expect(because('No hæmorrhage; pulmonary  embolism is  NOT\u200b seen')).toEqual(['is  NOT\u200b seen'])
    expect(because('腹主動脈瘤，徑４０㎜')).toEqual(['４０㎜'])
    expect(because('肺栓塞 不 能 除 外')).toEqual(['不 能 除 外'])
    // of a sentence that a heading decides, the heading's words, though they stand in the sentence before
    expect(because('检查目的 ：胸痛。肺栓塞')).toEqual(['检查目的'])
    expect(because('Family history: SAH. ')).toEqual(['Family history'])
  })

  it('grades what contradicts itself as possible, never as negated', () => {
    for (const text of ['未见气胸？', '考虑无肺栓塞', '未见肺栓塞可能', '无肺栓塞，待排']) {
      const { findings } = scanLine({ id: 1, text }, defaultAnalyzer())
      expect(findings.map((f) => f.grade)).toEqual(['possible'])
    }
  })

  it('negates terms that a fixed phrase contains, and loses none that a cue runs into', () => {
    const grade = (text: string, term: string) =>
      scanLine({ id: 1, text, terms: [term] }, defaultAnalyzer()).findings.map((f) => f.grade)
    expect(grade('增强后无明显强化', '强化')).toEqual(['negated'])
    expect(grade('淋巴结未见增大', '增大')).toEqual(['negated'])
    expect(grade('可能大面积脑梗死', '大面积脑梗死')).toEqual(['possible'])
    expect(grade('无明显诱因出现晕厥', '晕厥')).toEqual(['positive'])
    expect(grade('未及时诊治的气胸', '气胸')).toEqual(['positive'])
  })

  it('takes no finding from inside another word, and loses none to a word around another term', () => {
    const found = (text: string, term: string) =>
      scanLine({ id: 1, text, terms: [term] }, defaultAnalyzer()).findings.map((f) => f.start)
    expect(found('深吸气胸片，呼气胸片，左侧气胸', '气胸')).toEqual([13])
    expect(found('肿瘤内发出血管，病灶出血', '出血')).toEqual([10])
    expect(found('蜘蛛血管痣，蛛血', '蛛血')).toEqual([6])
    expect(found('两肺陈旧性病灶', '病灶')).toEqual([5])
    expect(found('占位性病变', '病变')).toEqual([3])
  })

  it('takes 占位性病变 for no 性病', () => {
    const { findings } = scanLine({ id: 1, text: '占位性病变，性病？', terms: ['性病'] }, defaultAnalyzer())
    expect(findings.map((f) => f.start)).toEqual([6])
  })
})
