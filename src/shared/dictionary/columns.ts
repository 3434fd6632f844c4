import type { DictionaryEntry, DictionaryTerm } from '../critical/model.ts'
import type { RecipientKind } from '../critical/rules.ts'
import type { PatientClass } from '../order/index.ts'
import {
  type Language,
  levelWords,
  type Words,
  writeList,
  writeMeasuredLevels,
  writeThreshold,
} from './cell-text.ts'

/** The columns of the table form; those of the entry stand on each of its rows. */
export const entryColumns = [
  'code',
  'nameZh',
  'nameEn',
  'level',
  'modalities',
  'bodyParts',
  'patientClasses',
  'sex',
  'ageFrom',
  'ageTo',
  'recipient',
] as const
export const termColumns = [
  'term',
  'language',
  'termLevel',
  'requires',
  'measuredLevels',
  'notWithin',
] as const
export type EntryColumn = (typeof entryColumns)[number]
export type TermColumn = (typeof termColumns)[number]
export type DictionaryColumn = EntryColumn | TermColumn
export const dictionaryColumns: readonly DictionaryColumn[] = [...entryColumns, ...termColumns]

const headings: Words<DictionaryColumn> = {
  code: { 'zh-CN': '类型代码', en: 'Type code' },
  nameZh: { 'zh-CN': '危急值类型', en: 'Type (Chinese)' },
  nameEn: { 'zh-CN': '英文名称', en: 'Type (English)' },
  level: { 'zh-CN': '级别', en: 'Level' },
  modalities: { 'zh-CN': '检查设备', en: 'Modalities' },
  bodyParts: { 'zh-CN': '检查部位', en: 'Body parts' },
  patientClasses: { 'zh-CN': '患者类别', en: 'Patient classes' },
  sex: { 'zh-CN': '性别', en: 'Sex' },
  ageFrom: { 'zh-CN': '年龄下限', en: 'Age from' },
  ageTo: { 'zh-CN': '年龄上限', en: 'Age to' },
  recipient: { 'zh-CN': '首报对象', en: 'First told' },
  term: { 'zh-CN': '术语', en: 'Term' },
  language: { 'zh-CN': '语言', en: 'Language' },
  termLevel: { 'zh-CN': '术语级别', en: 'Level of the term' },
  requires: { 'zh-CN': '报警阈值', en: 'Required measurement' },
  measuredLevels: { 'zh-CN': '按测量值分级', en: 'Levels by measurement' },
  notWithin: { 'zh-CN': '排除词', en: 'Not within' },
}

export const patientClassWords: Words<PatientClass> = {
  emergency: { 'zh-CN': '急诊', en: 'emergency' },
  inpatient: { 'zh-CN': '住院', en: 'inpatient' },
  outpatient: { 'zh-CN': '门诊', en: 'outpatient' },
  checkup: { 'zh-CN': '体检', en: 'check-up' },
}
export const sexWords: Words<'M' | 'F'> = {
  M: { 'zh-CN': '男', en: 'male' },
  F: { 'zh-CN': '女', en: 'female' },
}
export const recipientWords: Words<RecipientKind> = {
  ward: { 'zh-CN': '病区', en: 'ward' },
  doctor: { 'zh-CN': '申请医师', en: 'ordering doctor' },
  'department-head': { 'zh-CN': '科主任', en: 'head of department' },
  'duty-office': { 'zh-CN': '总值班', en: 'duty office' },
}
export const termLanguageWords: Words<DictionaryTerm['language']> = {
  zh: { 'zh-CN': '中文', en: 'Chinese' },
  en: { 'zh-CN': '英文', en: 'English' },
}

export function columnHeading(column: DictionaryColumn, language: Language): string {
  return headings[column][language]
}

/** The column of a heading in either language, or of the column's own name. */
export function columnOf(heading: string): DictionaryColumn | undefined {
  const written = heading.trim().normalize('NFKC').toLowerCase()
  return dictionaryColumns.find((column) =>
    [column, ...Object.values(headings[column])].some(
      (form) => form.normalize('NFKC').toLowerCase() === written,
    ),
  )
}

type Written<Of, Column extends string> = Record<Column, (of: Of, language: Language) => string>

export const entryCells: Written<DictionaryEntry, EntryColumn> = {
  code: ({ code }) => code,
  nameZh: ({ nameZh }) => nameZh,
  nameEn: ({ nameEn }) => nameEn,
  level: ({ level }, language) => levelWords[level][language],
  modalities: ({ scope }) => writeList(scope?.modalities),
  bodyParts: ({ scope }) => writeList(scope?.bodyParts),
  patientClasses: ({ scope }, language) =>
    writeList(scope?.patientClasses?.map((value) => patientClassWords[value][language])),
  sex: ({ scope }, language) => (scope?.sex ? sexWords[scope.sex][language] : ''),
  ageFrom: ({ scope }) => String(scope?.age?.from ?? ''),
  ageTo: ({ scope }) => String(scope?.age?.to ?? ''),
  recipient: ({ recipient }, language) => (recipient ? recipientWords[recipient][language] : ''),
}

export const termCells: Written<DictionaryTerm, TermColumn> = {
  term: ({ text }) => text,
  language: ({ language: of }, language) => termLanguageWords[of][language],
  termLevel: ({ level }, language) => (level ? levelWords[level][language] : ''),
  requires: ({ requires }) => (requires ? writeThreshold(requires) : ''),
  measuredLevels: ({ measuredLevels }, language) => writeMeasuredLevels(measuredLevels, language),
  notWithin: ({ notWithin }) => writeList(notWithin),
}
