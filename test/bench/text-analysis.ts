import AhoCorasick from 'modern-ahocorasick'
import { analyseText, compileDictionary, createIncrementalAnalyser } from '../../src/shared/critical/index.ts'
import type { BenchRow } from './row.ts'

const TERMS = 5_000
const LENGTH = 4_000
const ROUNDS = 60

const PARTS = [
  '右侧',
  '左侧',
  '双侧',
  '前',
  '后',
  '上',
  '下',
  '内',
  '外',
  '中央',
  '额叶',
  '颞叶',
  '顶叶',
  '枕叶',
  '肝脏',
  '脾脏',
]
const THINGS = [
  '出血',
  '血肿',
  '梗死',
  '破裂',
  '穿孔',
  '栓塞',
  '夹层',
  '气胸',
  '积液',
  '扭转',
  '坏死',
  '异物',
  '脓肿',
  '骨折',
  '肿瘤',
  '狭窄',
]
const SENTENCES = [
  '双肺纹理清晰，未见明显实变影及占位性病变；',
  '右侧额叶出血，量约12ml，周围可见水肿带。',
  '脑室系统无扩张，中线结构居中，未见气胸、积液及骨折。',
  '左侧颞叶血肿较前吸收，建议复查排除再出血。',
  '心影大小形态正常，主动脉管壁少许钙化。',
  '肝脏形态大小正常，实质密度均匀，肝内外胆管无扩张。',
]

/** The cost of a keystroke in a long report with a large dictionary, against one plain pass of modern-ahocorasick over the same text. */
export async function benchTextAnalysis(): Promise<BenchRow[]> {
  const words = vocabulary()
  const analyzer = compileDictionary({
    version: 'bench',
    entries: words.map((text, i) => ({
      code: `T${i}`,
      nameZh: text,
      nameEn: text,
      level: 'red' as const,
      terms: [{ text, language: 'zh' as const }],
    })),
  })
  const peer = new AhoCorasick(words)
  let text = SENTENCES.join('').repeat(100).slice(0, LENGTH)
  const incremental = createIncrementalAnalyser(analyzer)
  const keystrokes: number[] = []
  const passes: number[] = []
  const whole: number[] = []
  incremental(text)
  for (let round = 0; round < ROUNDS; round++) {
    const at = (round * 997) % LENGTH
    // typing: one more character, alternately an ordinary one and one that splits a sentence
    text = text.slice(0, at) + (round % 2 === 0 ? '影' : '。') + text.slice(at, LENGTH - 1)
    const edited = text
    const measured = [
      () => keystrokes.push(time(() => incremental(edited))),
      () => passes.push(time(() => peer.search(edited))),
      () => whole.push(time(() => analyseText(analyzer, edited))),
    ]
    for (let i = 0; i < measured.length; i++) measured[(i + round) % measured.length]!()
  }
  const row = (name: string, ours: number, target: string): BenchRow => ({
    name,
    unit: 'ms',
    better: 'lower',
    ours,
    peer: median(passes),
    peerName: 'modern-ahocorasick, plain pass',
    ratio: ours / median(passes),
    target,
  })
  return [
    row(
      'text analysis per keystroke (5,000 terms, 4,000 characters)',
      median(keystrokes),
      'ours < 1 ms, ratio <= 2',
    ),
    row('text analysis of the whole text (5,000 terms, 4,000 characters)', median(whole), 'ratio <= 2'),
  ]
}

function vocabulary(): string[] {
  const words: string[] = []
  for (const thing of THINGS)
    for (const part of PARTS) for (const other of PARTS) words.push(`${part}${other}${thing}`)
  for (const thing of THINGS) for (const part of PARTS) words.push(`${part}${thing}`)
  for (let i = 0; words.length < TERMS; i++) words.push(`${THINGS[i % 16]}第${i}型`)
  return words.slice(0, TERMS)
}

function time(run: () => unknown): number {
  const start = performance.now()
  run()
  return performance.now() - start
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
}
