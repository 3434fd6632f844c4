import { describe, expect, it } from 'vitest'
import type { ExamContext } from '../../../../src/shared/critical/index.ts'
import {
  type Inconsistency,
  inconsistenciesOf,
  inconsistencyName,
  type ReportFacts,
} from '../../../../src/shared/report/consistency/index.ts'

const head: ExamContext = {
  modality: 'CT',
  bodyPart: '头部',
  itemName: '头颅CT平扫',
  patientClass: 'emergency',
  sex: 'M',
  age: '068Y',
}
const knee: ExamContext = { ...head, modality: 'MR', itemName: '膝关节MRI平扫（左）', bodyPart: '左膝' }
const facts = (exam: Partial<ExamContext> | null = head, more: Partial<ReportFacts> = {}): ReportFacts => ({
  exam: exam && { ...head, ...exam },
  priors: null,
  today: '20261123',
  ...more,
})

/** Kind and words of what is found; of a whole report, where one section would be empty the other is made up. */
function found(
  text: { findings?: string; impression?: string },
  given: ReportFacts = facts(),
): [kind: string, words: string][] {
  return inconsistenciesOf(
    { findings: '所示结构未见异常。', impression: '请结合临床。', ...text },
    given,
  ).map(({ kind, words }) => [kind, words])
}
const kinds = (...args: Parameters<typeof found>) => found(...args).map(([kind]) => kind)

describe('sides', () => {
  it.each([
    ['左侧基底节区见片状高密度影，大小约2.1×1.8cm。', '右侧基底节区脑出血。', '右侧基底节'],
    ['左肺上叶见结节影。右肺纹理清晰。', '右肺上叶结节，建议随访。', '右肺上叶'],
    ['左上肺见斑片状影。', '右肺上叶炎症。', '右肺上叶'],
    ['左侧胸腔见液性密度影，右侧胸腔未见积液。', '右侧胸腔积液。', '右侧胸腔'],
    ['左肾见囊状低密度影。右肾形态正常。', '1.右肾囊肿。', '右肾'],
    ['肝右叶见类圆形低密度影。', '肝左叶囊肿。', '左叶'],
    ['甲状腺右侧叶见低回声结节。', '甲状腺左侧叶结节，TI-RADS 4A类。', '左侧叶'],
    ['右侧额、颞叶见片状低密度影。', '左侧额叶梗死。', '左侧额叶'],
  ])('finds that %s is not %s', (findings, impression, words) => {
    expect(found({ findings, impression })).toContainEqual(['side-sections', words])
  })

  it.each([
    ['左侧基底节区见片状高密度影。', '左侧基底节区脑出血。'],
    ['双侧基底节区见点状低密度影，左侧为著。', '右侧基底节区腔隙性脑梗死。'],
    ['左肺上叶及右肺下叶见结节。', '右肺下叶、左肺上叶结节。'],
    ['左肾见囊肿，右肾见结石。', '右肾结石。左肾囊肿。'],
    ['左心室增大，右肺下叶见实变。', '右肺下叶炎症；左心增大。'],
    ['左肾见囊肿。', '右肾未见异常。'],
    ['左侧气胸，肺组织受压。', '左侧气胸，右肺未见异常。'],
    ['两肺纹理增多，左肺下叶见索条。', '右肺陈旧灶待排。'],
    ['左侧大脑中动脉狭窄，右侧大脑中动脉未见狭窄，右侧大脑中动脉M2段见斑块。', '右侧大脑中动脉斑块。'],
    ['右侧胸腔见积液，较前吸收，左侧胸腔不除外少量积液。', '左侧胸腔少量积液待排。'],
    ['心脏左右径增大。', '心影增大。'],
    ['左侧小脑半球见低密度影。', '与右侧小脑半球对比，考虑梗死。'],
  ])('leaves %s with %s alone', (findings, impression) => {
    expect(kinds({ findings, impression })).not.toContain('side-sections')
  })

  it('knows the side that a limb is examined on', () => {
    const at = (findings: string, exam: ExamContext = knee) => found({ findings }, facts(exam))
    expect(at('右膝内侧半月板后角见撕裂。')).toEqual([['side-order', '右膝']])
    expect(at('左膝内侧半月板撕裂，右侧髌骨见水肿。')).toEqual([['side-order', '右侧髌骨']])
    expect(at('左膝内侧半月板撕裂，与右膝对比积液增多。')).toEqual([])
    expect(at('内侧半月板后角见撕裂。前交叉韧带连续。')).toEqual([])
    expect(at('右膝内侧半月板撕裂。', { ...knee, itemName: '双膝关节MRI平扫', bodyPart: '双膝' })).toEqual([])
    expect(at('左膝撕裂。', { ...knee, itemName: '右膝关节正侧位', bodyPart: '' })).toEqual([
      ['side-order', '左膝'],
    ])
    expect(
      at('右踝关节骨质未见异常。', { ...knee, itemName: 'Ankle LEFT', bodyPart: 'ANKLE 踝' }).map(
        ([kind]) => kind,
      ),
    ).toEqual(['side-order'])
  })

  it('does not take the other side beside the ordered one amiss, where it is no limb', () => {
    const breast = { ...head, sex: 'F', itemName: '左侧乳腺超声', bodyPart: '乳腺' }
    expect(kinds({ findings: '左侧乳腺见结节，右侧乳腺未见异常。' }, facts(breast))).toEqual([])
    expect(found({ findings: '右侧乳腺外上象限见结节。' }, facts(breast))).toEqual([['side-order', '右侧']])
    expect(kinds({ findings: '右心增大，右位主动脉弓。' }, facts(breast))).toEqual([])
  })
})

describe('sex and age', () => {
  it.each([
    ['F', '前列腺增大，大小约5.1×4.2cm。', '前列腺'],
    ['M', '子宫前位，形态规则。', '子宫'],
    ['M', '子宫未见异常。', '子宫'],
    ['F', '前列腺未见明显增大。', '前列腺'],
    ['F', '双侧睾丸大小正常。', '睾丸'],
    ['M', '双侧附件区见囊性灶。', '附件区'],
    ['F', '患者男，腹痛待查。', '患者男'],
  ])('of %s finds %s at odds', (sex, findings, words) => {
    const [first] = inconsistenciesOf({ findings, impression: '见上。' }, facts({ sex }))
    expect(first).toMatchObject({ kind: 'sex', words, weight: 'serious' })
  })

  it.each([
    ['F', '子宫术后缺如，双侧附件区未见异常。'],
    ['M', '前列腺癌术后，精囊未见显示。'],
    ['M', '腰4椎体及附件骨质完整。'],
    ['F', '前列腺素治疗后复查。'],
    ['', '子宫及前列腺。'],
    ['O', '子宫前位。'],
  ])('of %s has nothing against %s', (sex, findings) => {
    expect(kinds({ findings }, facts({ sex }))).toEqual([])
  })

  it('makes less of an organ that is said to be absent', () => {
    const [first] = inconsistenciesOf(
      { findings: '子宫未见显示。', impression: '见上。' },
      facts({ sex: 'M' }),
    )
    expect(first).toMatchObject({ kind: 'sex', weight: 'hint' })
  })

  it('knows children from adults', () => {
    expect(found({ findings: '患儿哭闹，图像伴运动伪影。' })).toEqual([['age', '患儿']])
    expect(kinds({ findings: '患儿哭闹。' }, facts({ age: '003Y' }))).toEqual([])
    expect(kinds({ findings: '新生儿肺炎。' }, facts({ age: '012D' }))).toEqual([])
    expect(kinds({ findings: '小儿麻痹后遗症。' })).toEqual([])
    expect(kinds({ findings: '老年性脑改变。' })).toEqual([])
    expect(kinds({ findings: '老年性脑改变。' }, facts({ age: '023Y' }))).toEqual(['age'])
    expect(kinds({ findings: '胎儿头位。' }, facts({ sex: 'F', age: '029Y' }))).toEqual([])
    expect(kinds({ findings: '患儿哭闹。' }, facts({ age: '' }))).toEqual([])
    expect(kinds({ findings: '患儿哭闹。' }, facts(null))).toEqual([])
  })
})

describe('units', () => {
  it.each([
    ['右肺上叶见结节，大小约1.2×0.8。', '1.2×0.8'],
    ['囊肿大小约3x2x4，边界清。', '3x2x4'],
    ['结节直径约12，边界清。', '12'],
    ['子宫肌层厚约8。', '8'],
  ])('misses one in %s', (findings, words) => {
    const [first] = found({ findings }, facts({ sex: 'F' }))
    expect(first?.[0]).toBe('unit-missing')
    expect(first?.[1]).toContain(words)
  })

  it.each([
    '大小约1.2×0.8cm。',
    '大小约3cm×2cm×4cm。',
    '大小约 12 × 8 mm，CT值约35HU。',
    '大小约3.2×2.1（cm）。',
    '直径约12~15mm。',
    '直径约0.8厘米。',
    '矩阵512×512。',
    '采集512×512图像。',
    '左侧见3个结节，C3/4椎间盘突出，L5-S1椎间隙变窄。',
    '狭窄约50%。',
    '宽约1.5 cm。',
    '出血量约30ml。',
    'Cobb角约25°。',
    'TI-RADS 4A类，PI-RADS 3分。',
    '颈1-2水平。',
    '2026-03-01检查。',
  ])('misses none in %s', (findings) => {
    expect(kinds({ findings })).toEqual([])
  })

  it.each([
    '右肺上叶见结节，直径约12cm。',
    '淋巴结大小约15×10cm。',
    '结节大小约0.5×0.4mm。',
    '中线结构向左侧移位约8cm。',
    '升主动脉宽约4.5mm。',
    '颈动脉内中膜厚约1.2cm。',
    '室间隔厚约11cm。',
  ])('does not believe %s', (findings) => {
    expect(kinds({ findings })).toEqual(['unit-implausible'])
  })

  it.each([
    '右肺上叶见结节，直径约12mm。',
    '结节最大者约0.5×0.4cm。',
    '腹主动脉瘤，最大径约5.8cm。',
    '肿块大小约12×10cm。',
    '中线结构向右偏移约11mm。',
    '右侧胸腔积液深约6.3cm。',
    '结节距胸膜约10cm。',
    '胆总管直径约1.1cm。',
    '脾大，约15cm。',
    '室间隔厚约11mm。',
  ])('believes %s', (findings) => {
    expect(kinds({ findings })).toEqual([])
  })
})

describe('fields and sections', () => {
  it('holds a report with fields back, and reads nothing out of them', () => {
    const all = inconsistenciesOf(
      { findings: '[[左|右|双]]膝见[[部位]]，大小约[[大小]]mm。', impression: '[[前列腺|子宫]]增大。' },
      facts({ ...knee, sex: 'F' }),
    )
    expect(all.map(({ kind, words, weight }) => [kind, words, weight])).toEqual([
      ['unfilled-field', '[[左|右|双]]', 'blocking'],
      ['unfilled-field', '[[部位]]', 'blocking'],
      ['unfilled-field', '[[大小]]', 'blocking'],
      ['unfilled-field', '[[前列腺|子宫]]', 'blocking'],
    ])
  })

  it('says which section is empty, and where both are', () => {
    expect(found({ impression: ' \n' })).toEqual([['empty-section', '']])
    expect(found({ findings: '' })).toEqual([['empty-section', '']])
    const both = inconsistenciesOf({ findings: '', impression: '' }, facts())
    expect(both.map(({ kind, weight }) => [kind, weight])).toEqual([['empty-report', 'blocking']])
  })
})

describe('comparisons', () => {
  const priors = [{ date: '20250301' }, { date: '20260102' }]
  it.each([
    ['与2025-03-10CT片比较，病灶缩小。', 'date-unknown', '2025-03-10'],
    ['较2024年3月1日旧片进展。', 'date-unknown', '2024年3月1日'],
    ['与2027-03-01片对比。', 'date-future', '2027-03-01'],
  ])('doubts %s', (findings, kind, words) => {
    expect(found({ findings }, facts(head, { priors }))).toEqual([[kind, words]])
  })

  it.each([
    '与2025-03-01CT片比较，病灶缩小。',
    '较2026.1.2片相仿。',
    '与外院2024-05-06片对比，大致同前。',
    '2019-05-06行手术治疗。',
    '较前片相仿。',
  ])('has nothing against %s', (findings) => {
    expect(found({ findings }, facts(head, { priors }))).toEqual([])
  })

  it('asks with what it is compared where there is nothing, and not where that is unknown', () => {
    expect(kinds({ findings: '病灶较前片缩小。' }, facts(head, { priors: [] }))).toEqual(['no-prior'])
    expect(kinds({ findings: '病灶较前片缩小。' })).toEqual([])
    expect(kinds({ findings: '与外院片比较，较前片缩小。' }, facts(head, { priors: [] }))).toEqual([])
  })

  it('sees a section that is a prior report word for word', () => {
    const findings = `左侧基底节区见片状高密度影，周围见水肿带，邻近脑室受压。${'脑沟、脑池未见异常。'.repeat(2)}`
    const prior = { date: '20250301', text: { findings, impression: '脑出血。' } }
    expect(kinds({ findings: `${findings}\n` }, facts(head, { priors: [prior] }))).toEqual(['same-as-prior'])
    expect(kinds({ findings: `${findings}较前吸收。` }, facts(head, { priors: [prior] }))).toEqual([])
  })
})

describe('slips of the pen', () => {
  it.each([
    ['两肺纹理曾多、曾粗，', '增多'],
    ['肝内见低蜜度影。', '密度'],
    ['型态规则。', '形态'],
    ['纵膈居中。', '纵隔'],
    ['双侧肋隔角锐利。', '肋膈角'],
    ['椎管侠窄。', '狭窄'],
    ['未见明线异常。', '未见明显'],
    ['左左肺见结节。', '左'],
  ])('finds the wrong word in %s', (findings, expected) => {
    const [first] = inconsistenciesOf({ findings, impression: '见上。' }, facts())
    expect(first).toMatchObject({ kind: 'wrong-word', expected, weight: 'hint' })
  })

  it.each([
    '既往曾大量饮酒，曾多次手术。',
    '左侧侧脑室受压，双侧侧裂池对称。',
    '室间隔肌部连续，纵隔面胸膜光整，囊内分隔下方。',
    '结节结构均匀。',
    '空腔脏器官腔内。',
    '两肺纹理增多，密度均匀，形态规则，伴随腔隙性脑梗死。',
    '阴道横隔。',
  ])('finds none in %s', (findings) => {
    expect(kinds({ findings }, facts({ sex: 'F' }))).toEqual([])
  })

  it('finds doubled punctuation, and lets an exclamation be', () => {
    expect(found({ findings: '未见异常。。' })).toEqual([['punctuation', '。。']])
    expect(found({ findings: '左肺，，右肺。' })).toEqual([['punctuation', '，，']])
    expect(found({ findings: '约3..5cm。' }).map(([kind]) => kind)).toContain('punctuation')
    expect(kinds({ findings: '脑出血？？' })).toEqual([])
    expect(kinds({ findings: '约3.5cm。L4.5椎间盘……' })).toEqual([])
  })
})

describe('the list', () => {
  it('puts first what must be corrected, then what must be confirmed', () => {
    const weights = inconsistenciesOf(
      { findings: '型态规则。。子宫前位。', impression: '[[诊断]]' },
      facts(),
    ).map(({ weight }) => weight)
    expect(weights).toEqual(['blocking', 'serious', 'hint', 'hint'])
  })

  it('gives places that are in the text', () => {
    const text = {
      findings: '左肾见囊肿，大小3×2，患儿。型态规则。。[[x]]',
      impression: '右肾囊肿，子宫前位，与2030-01-01比较。',
    }
    const all = inconsistenciesOf(text, facts(knee, { priors: [] }))
    expect(all.length).toBeGreaterThan(6)
    for (const { section, start, end, words } of all) expect(text[section].slice(start, end)).toBe(words)
  })

  it('names one thing alike wherever it moves', () => {
    const one = inconsistenciesOf({ findings: '子宫前位。', impression: '见上。' }, facts())
    const moved = inconsistenciesOf({ findings: '腹部未见异常。子宫前位。', impression: '见上。' }, facts())
    const name = ([first]: Inconsistency[]) => first && inconsistencyName(first)
    expect(name(one)).toBe(name(moved))
  })

  it('takes no longer than a key stroke for the longest report', () => {
    const text = {
      findings: '左肺上叶见结节，大小约1.2×0.8cm，边界清；右肺纹理增多。'.repeat(640).slice(0, 20_000),
      impression: '左肺上叶结节，建议随访。'.repeat(800).slice(0, 10_000),
    }
    const from = process.cpuUsage()
    inconsistenciesOf(text, facts(head, { priors: [] }))
    // Of the processor, since the machine may be busy with other things.
    expect(process.cpuUsage(from).user / 1000).toBeLessThan(600)
  })
})
