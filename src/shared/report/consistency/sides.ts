import type { ExamContext } from '../../critical/index.ts'
import type { ReportText } from '../text.ts'
import { clauseAt, clausesOf, denies } from './clauses.ts'
import { type Place, place } from './model.ts'

type Side = 'left' | 'right'

const characters: Record<Side, string> = { left: '左', right: '右' }
const opposite: Record<Side, Side> = { left: 'right', right: 'left' }

/** 左 and 右 that name no side of the body: both at once, and parts of the heart and its vessels. */
const notASide =
  /左右|(左|右)(心|房|室|冠|主干|前降|回旋|缘支|位心|位主动脉|前斜|后斜|上腹|下腹|中腹)|(肺动脉|门静脉|肝管|束支)(左|右)/g

/** Parts of the body of which there are two, the longer name before the shorter. */
const parts = [
  ...[
    '肺上叶',
    '肺中叶',
    '肺下叶',
    '肺门',
    '肺尖',
    '胸腔',
    '胸膜',
    '膈肌',
    '肋骨',
    '锁骨',
    '肩胛骨',
    '乳腺',
    '乳房',
    '腋窝',
    '肺',
  ],
  ...[
    '额叶',
    '颞叶',
    '顶叶',
    '枕叶',
    '岛叶',
    '基底节',
    '丘脑',
    '侧脑室',
    '小脑半球',
    '放射冠',
    '半卵圆中心',
    '内囊',
    '外囊',
  ],
  ...[
    '上颌窦',
    '筛窦',
    '额窦',
    '蝶窦',
    '眼眶',
    '眼球',
    '乳突',
    '腮腺',
    '扁桃体',
    '颈动脉',
    '椎动脉',
    '大脑中动脉',
    '大脑前动脉',
    '大脑后动脉',
  ],
  ...[
    '肾上腺',
    '肾盂',
    '肾',
    '输尿管',
    '卵巢',
    '附件',
    '睾丸',
    '附睾',
    '腹股沟',
    '髂动脉',
    '髂静脉',
    '股静脉',
    '腘静脉',
  ],
  ...[
    '肩关节',
    '肩袖',
    '肘关节',
    '腕关节',
    '髋关节',
    '膝关节',
    '踝关节',
    '肱骨',
    '尺骨',
    '桡骨',
    '股骨',
    '髌骨',
    '胫骨',
    '腓骨',
    '跟骨',
  ],
  ...['肩', '肘', '腕', '髋', '膝', '踝', '手', '足', '额颞', '气胸', '硬膜下', '硬膜外'],
]
const partPattern = new RegExp(parts.join('|'), 'g')

/** Parts of which an order names one side, so that the other side in the report is a slip. */
const limb = /肩|肘|腕|髋|膝|踝|手|足|指|趾|股骨|胫|腓|尺骨|桡骨|肱骨|髌|跟骨|锁骨|小腿|大腿|前臂|上臂/

/** The clause speaks of the other side as such, or of earlier times. */
const comparing = /对侧|健侧|对比|比较|既往|曾|病史/

interface Mention {
  side: Side
  part: string
  start: number
  end: number
  denied: boolean
  /** The clause also speaks of the other side as such, or of earlier times. */
  compares: boolean
}

/** The text without what only looks like a side, of the same length. */
function plain(text: string): string {
  return text.replace(notASide, (match) => '　'.repeat(match.length))
}

/** Every part with its side; the side of a clause holds until the next. `both` are the parts that are named for both sides. */
function mentionsOf(text: string): { mentions: Mention[]; both: ReadonlySet<string> } {
  const mentions: Mention[] = []
  const both = new Set<string>()
  for (const { start, text: clause } of clausesOf(plain(text))) {
    const markers = [...clause.matchAll(/左|右|双|两侧|两/g)]
    const denied = denies(clause)
    const compares = comparing.test(clause)
    for (const [index, marker] of markers.entries()) {
      const until = markers[index + 1]?.index ?? clause.length
      const stretch = clause.slice(marker.index, until)
      const before = clause.slice(0, marker.index)
      const names = new Map([...stretch.matchAll(partPattern)].map(([name]) => [name, name]))
      for (const [, lobe] of stretch.matchAll(/([额颞顶枕岛])(?=[、及和额颞顶枕岛]+叶)/g))
        names.set(`${lobe}叶`, lobe ?? '')
      const lung = /^[左右]侧?([上中下])叶?肺|^[左右]侧?肺([上中下])叶?/.exec(stretch)
      if (lung) names.set(`肺${lung[1] ?? lung[2]}叶`, lung[0])
      const lobe = /^[左右]侧?[前后内外]?叶/.exec(stretch)?.[0]
      if (lobe && before.endsWith('肝')) names.set('肝叶', lobe)
      if (lobe && before.endsWith('甲状腺')) names.set('甲状腺叶', lobe)
      for (const [part, words] of names) {
        if (marker[0] !== '左' && marker[0] !== '右') {
          both.add(part)
          continue
        }
        const side = marker[0] === '左' ? 'left' : 'right'
        const end = marker.index + stretch.indexOf(words) + words.length
        mentions.push({ side, part, start: start + marker.index, end: start + end, denied, compares })
      }
    }
  }
  return { mentions, both }
}

/** The one side that an order is for; null where it names none or both. */
function sideOfExam({ itemName, bodyPart }: Pick<ExamContext, 'itemName' | 'bodyPart'>): Side | null {
  const words = `${itemName} ${bodyPart}`.replace(notASide, '')
  if (/双|两侧|左右/.test(words)) return null
  const left = /左|\bL(EFT)?\b/.test(words)
  const right = /右|\bR(IGHT)?\b/.test(words)
  return left === right ? null : left ? 'left' : 'right'
}

/** The other side than the order's: on a limb wherever it is named, elsewhere where the ordered side is never named. */
export function againstOrder(text: ReportText, section: keyof ReportText, exam: ExamContext): Place[] {
  const side = sideOfExam(exam)
  if (side === null) return []
  const ordered = `${exam.itemName} ${exam.bodyPart}`
  const said = plain(`${text.findings}\n${text.impression}`)
  const named = said.includes(characters[side]) || /双|两侧/.test(said)
  const own = plain(text[section])
  if (limb.test(ordered)) {
    return [...own.matchAll(new RegExp(`${characters[opposite[side]]}侧?[\\u4e00-\\u9fff]{0,4}`, 'g'))]
      .filter((match) => {
        return !comparing.test(clauseAt(own, match.index))
      })
      .map((match) => {
        const length = partEnd(match[0])
        return place(text[section], match.index, match.index + length, {
          kind: 'side-order',
          weight: 'serious',
          expected: characters[side],
        })
      })
  }
  if (named) return []
  const first = own.search(new RegExp(`${characters[opposite[side]]}(?!位)`))
  return first < 0
    ? []
    : [
        place(text[section], first, Math.min(first + 2, own.length), {
          kind: 'side-order',
          weight: 'serious',
          expected: characters[side],
        }),
      ]
}

/** How far the name of a part goes from its side; the side's own word where none follows. */
function partEnd(words: string): number {
  partPattern.lastIndex = 0
  const match = partPattern.exec(words)
  partPattern.lastIndex = 0
  return match && match.index <= 2 ? match.index + match[0].length : /^.侧/.test(words) ? 2 : 1
}

/**
 * What the impression says of one side, and the findings only of the other. Silent where the findings speak of the part on
 * the impression's side too, unless all that they say there is that nothing is wrong.
 */
export function impressionAgainstFindings({ findings, impression }: ReportText): Place[] {
  const { mentions, both } = mentionsOf(findings)
  return mentionsOf(impression).mentions.flatMap((said) => {
    if (said.denied || said.compares || both.has(said.part)) return []
    const same = mentions.filter((found) => found.part === said.part && found.side === said.side)
    const other = mentions.filter(
      (found) => found.part === said.part && found.side !== said.side && !found.compares && !found.denied,
    )
    if (other.length === 0 || same.some((found) => !found.denied)) return []
    return [
      place(impression, said.start, said.end, {
        kind: 'side-sections',
        weight: 'serious',
        expected: characters[opposite[said.side]],
      }),
    ]
  })
}
