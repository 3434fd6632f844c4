import { clauseAt, clauseBefore } from './clauses.ts'
import { type Place, place } from './model.ts'

const number = String.raw`\d+(?:\.\d+)?`
const unit = '(?:mm|cm|dm|μm|um|毫米|厘米|公分|米|m(?![a-z]))'
const times = String.raw`\s*[×xX*✕]\s*`
/** 3.2×2.1×1.8cm, 3cm×2cm; the unit may stand in brackets. */
const dimensions = new RegExp(
  `(?<![\\d.])${number}\\s*${unit}?(?:${times}${number}\\s*${unit}?)+(?:\\s*[（(]\\s*${unit}\\s*[）)])?`,
  'gi',
)
/** 直径约12, and not a count, a grade, a ratio or a range that goes on to a unit. */
const measured = new RegExp(
  `(?:直径|长径|短径|短轴|长轴|内径|横径|前后径|上下径|最大径|厚度|宽度|长度|深度|厚|宽|深)(?:约|为|达|：|:|是|大约|约为)+\\s*(${number})(?!\\d|\\.\\d)(?!\\s*(?:${unit}|[×xX*✕~～\\-–—至到/／%％]|个|枚|倍|级|度|°|ml|毫升|层|[Tt]|周|HU))`,
  'gi',
)
const size = new RegExp(`(${number})\\s*(mm|毫米|cm|厘米)`, 'gi')

/** Sizes in mm that a thing can have, by the words of its clause; the first that fits. */
const plausible: readonly { of: RegExp; from: number; to: number }[] = [
  { of: /微结节/, from: 0.5, to: 10 },
  { of: /结节|淋巴结/, from: 1, to: 60 },
  { of: /中线(结构)?(向.侧)?(移位|偏移)/, from: 0.5, to: 40 },
  { of: /结石/, from: 0.5, to: 120 },
  { of: /内中膜|内膜中层/, from: 0.2, to: 6 },
  { of: /室间隔|室壁|左室后壁/, from: 2, to: 45 },
  { of: /主动脉.*(径|宽|瘤)|(升|降|腹)主动脉/, from: 8, to: 180 },
  { of: /胆总管|主胰管|胰管/, from: 0.5, to: 60 },
  { of: /肿块|占位|肿物/, from: 2, to: 350 },
  { of: /积液|液性暗区/, from: 0.5, to: 250 },
]
/** A matrix of pixels (512×512), a field of view. */
const matrix = /矩阵|像素|扫描层厚/

export function missingUnits(text: string): Place[] {
  const boxes = [...text.matchAll(dimensions)].filter(([words]) => {
    const bare = !new RegExp(unit, 'i').test(words)
    const large = [...words.matchAll(/\d+(\.\d+)?/g)].every(([each]) => Number(each) >= 128)
    return bare && !large
  })
  const lines = [...text.matchAll(measured)]
  return [...boxes, ...lines]
    .filter((match) => !matrix.test(clauseAt(text, match.index)))
    .map((match) =>
      place(text, match.index, match.index + match[0].trimEnd().length, {
        kind: 'unit-missing',
        weight: 'serious',
      }),
    )
}

/** A size in another unit than the thing can be measured in. Of 0.5×0.4 mm the larger counts. */
export function implausibleUnits(text: string): Place[] {
  return [
    ...text.matchAll(new RegExp(`(?:${number}\\s*${unit}?${times})*${number}\\s*${unit}`, 'gi')),
  ].flatMap((match) => {
    const clause = clauseAt(text, match.index)
    const bounds = boundsOf(clause) ?? boundsOf(clauseBefore(text, match.index))
    const millimetres = millimetresOf(match[0])
    if (!bounds || millimetres === null || (bounds.from <= millimetres && millimetres <= bounds.to)) return []
    // A distance is not the size of what it is measured from.
    if (/距|间隔约|相距/.test(clause)) return []
    const end = match.index + match[0].length
    return [place(text, match.index, end, { kind: 'unit-implausible', weight: 'serious' })]
  })
}

function boundsOf(clause: string) {
  return plausible.find(({ of }) => of.test(clause))
}

function millimetresOf(words: string): number | null {
  const last = [...words.matchAll(size)].at(-1)
  if (!last) return null
  const scale = /cm|厘米/i.test(last[2] ?? '') ? 10 : 1
  const values = [...words.matchAll(/\d+(?:\.\d+)?/g)].map(([each]) => Number(each) * scale)
  return Math.max(...values)
}
