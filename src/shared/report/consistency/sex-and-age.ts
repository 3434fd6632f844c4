import type { ExamContext } from '../../critical/index.ts'
import { clauseAt } from './clauses.ts'
import { type Place, place } from './model.ts'

/** What only men, or only women, have; and the sex by name. 附件 alone is of vertebrae too. */
const belongsTo: Record<'M' | 'F', RegExp> = {
  M: /前列腺(?!素|特异)|精囊|睾丸|附睾|阴囊|阴茎|输精管|精索|患者[，,：:]?男|男性患者/g,
  F: /子宫|宫颈|宫腔|宫旁|卵巢|输卵管|附件区|阴道(?!缺如)|妊娠|孕囊|黄体|胎盘|绝经|患者[，,：:]?女|女性患者/g,
}
/** The organ itself is not there, or is another's: 未见子宫, 子宫未显示. 子宫未见异常 says that there is one. */
const gone =
  /(未见|未显示|无)(?!.{0,6}(异常|增大|增厚|占位|肿|扩张|病变|积液|破坏))|未见显示|缺如|家族|母亲|父亲|配偶/

/** Organs of the other sex; where the clause says that they are not there, only a hint. */
export function sexOfOrgans(text: string, { sex }: Pick<ExamContext, 'sex'>): Place[] {
  if (sex !== 'M' && sex !== 'F') return []
  return [...text.matchAll(belongsTo[sex === 'M' ? 'F' : 'M'])].map((match) =>
    place(text, match.index, match.index + match[0].length, {
      kind: 'sex',
      weight: gone.test(clauseAt(text, match.index)) ? 'hint' : 'serious',
      expected: sex,
    }),
  )
}

const ofChildren = /患儿|小儿(?!麻痹)|新生儿|婴幼儿|婴儿(?!型)|早产儿|幼儿/g
const ofUnborn = /胎儿|胎心|宫内妊娠/g
const ofTheOld = /老年性|老年脑|老年改变|绝经后/g

/** Words for another age than the patient's. */
export function wordsOfAge(text: string, { age, sex }: Pick<ExamContext, 'age' | 'sex'>): Place[] {
  const years = yearsOf(age)
  if (years === null) return []
  const found = (pattern: RegExp, weight: Place['weight']) =>
    [...text.matchAll(pattern)].map((match) =>
      place(text, match.index, match.index + match[0].length, { kind: 'age', weight, expected: age }),
    )
  return [
    ...(years >= 18 ? found(ofChildren, 'serious') : []),
    ...(years < 10 || years > 60 || sex === 'M' ? found(ofUnborn, 'serious') : []),
    ...(years < 40 ? found(ofTheOld, 'serious') : []),
  ]
}

/** Whole years of a DICOM AS; null where it is none. */
function yearsOf(age: string): number | null {
  const match = /^(\d{3})([DWMY])$/.exec(age)
  if (!match) return null
  return match[2] === 'Y' ? Number(match[1]) : match[2] === 'M' ? Math.floor(Number(match[1]) / 12) : 0
}
