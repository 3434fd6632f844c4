import { describe, expect, it } from 'vitest'
import { deliveredTemplates } from '../../../../src/renderer/report/templates/delivered.ts'
import { exportTemplates, importTemplates } from '../../../../src/renderer/report/templates/exchange.ts'
import { initials } from '../../../../src/renderer/report/templates/initials.ts'
import { fitting, searched } from '../../../../src/renderer/report/templates/ranking.ts'
import type { ExamContext } from '../../../../src/shared/critical/index.ts'
import { fieldsOf, inconsistenciesOf } from '../../../../src/shared/report/consistency/index.ts'
import { ReportTemplate } from '../../../../src/shared/settings/index.ts'

const exam = (modality: string, itemName: string, bodyPart = '', sex = 'M'): ExamContext => ({
  modality,
  itemName,
  bodyPart,
  patientClass: '',
  sex,
  age: '056Y',
})

describe('the delivered templates', () => {
  it('are many, each of the schema and with an id of its own', () => {
    expect(deliveredTemplates.length).toBeGreaterThanOrEqual(25)
    for (const template of deliveredTemplates) ReportTemplate.parse(template)
    expect(new Set(deliveredTemplates.map(({ id }) => id)).size).toBe(deliveredTemplates.length)
    expect(new Set(deliveredTemplates.map(({ name }) => name)).size).toBe(deliveredTemplates.length)
  })

  it.each(deliveredTemplates.map((template) => [template.name, template] as const))(
    '%s is sound: every bracket is a field, nothing in it is doubted but its fields',
    (_name, { findings, impression, modality, sex, bodyParts, name }) => {
      for (const text of [findings, impression]) {
        const rest = fieldsOf(text).reduceRight(
          (left, { start, end }) => left.slice(0, start) + left.slice(end),
          text,
        )
        expect(rest).not.toMatch(/[[\]|]/)
      }
      const own = exam(modality, name, bodyParts[0], sex || 'M')
      const doubts = inconsistenciesOf({ findings, impression }, { exam: own, priors: [], today: '20261123' })
      expect(doubts.filter(({ kind }) => kind !== 'unfilled-field')).toEqual([])
      // Filled in with the first of each pick-list, as of a normal exam, nothing is left to doubt.
      const filled = (text: string) =>
        fieldsOf(text).reduceRight(
          (left, { start, end, options }) => left.slice(0, start) + (options[0] ?? '12') + left.slice(end),
          text,
        )
      const done = { findings: filled(findings), impression: filled(impression) }
      const left = inconsistenciesOf(done, { exam: own, priors: [], today: '20261123' })
      expect(left.filter(({ kind }) => kind !== 'unit-implausible')).toEqual([])
    },
  )
})

describe('which template fits', () => {
  const first = (of: ExamContext) => fitting(deliveredTemplates, of)[0]?.id
  it.each([
    [exam('CT', '头颅CT平扫', '头部'), 'ct-head'],
    [exam('CT', '胸部CT平扫+三维重建', '胸部'), 'ct-chest'],
    [exam('DX', '胸部正侧位片', '胸部'), 'dx-chest'],
    [exam('CR', '胸部正侧位片', 'CHEST'), 'dx-chest'],
    [exam('MR', '膝关节MRI平扫（左）', '左膝'), 'mr-knee'],
    [exam('CT', '肺动脉CTA', '胸部'), 'ct-ctpa'],
    [exam('CT', '冠脉CTA', '心脏'), 'ct-cta-coronary'],
    [exam('MR', '前列腺MR平扫+增强', '盆腔'), 'mr-prostate'],
    [exam('MR', '盆腔MR平扫', '盆腔', 'F'), 'mr-pelvis-female'],
    [exam('DX', '右腕关节正侧位', '腕'), 'dx-limb'],
  ])('%o', (of, id) => {
    expect(first(of)).toBe(id)
  })

  it('is never of the other sex or another modality', () => {
    const ids = fitting(deliveredTemplates, exam('MR', '盆腔MR平扫', '盆腔', 'F')).map(({ id }) => id)
    expect(ids).not.toContain('mr-prostate')
    expect(ids.every((id) => id.startsWith('mr-'))).toBe(true)
    expect(fitting(deliveredTemplates, null)).toEqual([])
  })

  it('is found by name, pinyin initials and modality, what fits first', () => {
    const found = (query: string) => searched(deliveredTemplates, exam('CT', '头颅CT平扫', '头部'), query)
    expect(found('').length).toBe(deliveredTemplates.length)
    expect(found('')[0]?.id).toBe('ct-head')
    expect(found('tlct')[0]?.id).toBe('ct-head')
    expect(found('xgj').map(({ id }) => id)).toEqual(['mr-knee'])
    expect(found('qgj')).toEqual([])
    expect(found('膝')[0]?.id).toBe('mr-knee')
    expect(found('mr qlx').map(({ id }) => id)).toEqual(['mr-prostate'])
  })
})

describe('pinyin initials', () => {
  it.each([
    ['头颅CT平扫', 'tlctps'],
    ['头颅CT平扫（脑出血）', 'tlctpsncx'],
    ['腹部CT平扫+增强', 'fbctpszq'],
    ['膝关节', 'xgj'],
    ['腰椎', 'yz'],
    ['胸部正侧位DR', 'xbzcwdr'],
    ['甲状腺超声', 'jzxcs'],
    ['乳腺钼靶', 'rxmb'],
    ['冠脉', 'gm'],
    ['泌尿系', 'mnx'],
    ['髋', 'k'],
    ['肱骨', 'gg'],
    ['腹部', 'fb'],
    ['耳', 'e'],
    ['女性盆腔', 'nxpq'],
  ])('of %s are %s', (name, letters) => {
    expect(initials(name)).toBe(letters)
  })
})

describe('templates that are handed on', () => {
  const own = ReportTemplate.parse({
    id: 'own-1',
    name: '我的头颅',
    modality: 'CT',
    bodyParts: ['头'],
    findings: '[[左|右]]',
    impression: '',
  })
  it('come back as they went, in the place of those of the same id', () => {
    const text = exportTemplates([own])
    expect(importTemplates([{ ...own, name: '旧' }], text)).toEqual([own])
    expect(importTemplates([{ ...own, id: 'own-2' }], text)).toEqual([own, { ...own, id: 'own-2' }])
  })

  it('are refused whole where anything is not theirs', () => {
    for (const text of [
      '',
      '{',
      '[]',
      '{"schema":"vigil/templates/v1"}',
      exportTemplates([own]).replace('"M"', '"X"').replace('own-1', ''),
    ])
      expect(importTemplates([], text)).toBeNull()
    const many = Array.from({ length: 300 }, (_, index) => ({ ...own, id: `o${index}` }))
    expect(importTemplates(many, exportTemplates([own]))).toBeNull()
  })
})
