import { type Place, place } from './model.ts'

/**
 * Words that an input method offers for others of the same or a like sound, and what is meant. Only what is no word of its
 * own in a report stands here.
 */
const pairs = `
曾高 增高|曾强 增强|曾大 增大|曾粗 增粗|曾宽 增宽|曾厚 增厚|曾多 增多|曾生 增生|增身 增生|蜜度 密度|密渡 密度|密读 密度|信好 信号
型态 形态|形太 形态|型状 形状|弥慢 弥漫|迷漫 弥漫|弥蔓 弥漫|片壮 片状|片装 片状|条装 条状|条壮 条状|节结 结节
淋吧 淋巴|琳巴 淋巴|淋巴节 淋巴结|纵膈 纵隔|鼻中膈 鼻中隔|室间膈 室间隔|房间膈 房间隔|间膈 间隔|肋隔角 肋膈角|横隔 横膈|隔肌 膈肌|隔下 膈下|隔面 膈面|隔顶 膈顶
骨拆 骨折|骨随 骨髓|脊随 脊髓|堆间盘 椎间盘|椎间盆 椎间盘|椎堤 椎体|侠窄 狭窄|峡窄 狭窄|狭榨 狭窄|栓赛 栓塞|梗赛 梗塞|硬塞 梗塞|梗四 梗死
出雪 出血|雪管 血管|雪肿 血肿|血种 血肿|囊种 囊肿|水种 水肿|肿快 肿块|斑快 斑块|团快 团块|站位 占位|占为性 占位性|脑勾 脑沟|脑购 脑沟|中线机构 中线结构
肺文理 肺纹理|纹里 纹理|肺纹路 肺纹理|肺们 肺门|胸摸 胸膜|腹摸 腹膜|脑摸 脑膜|骨摸 骨膜|气官 气管|支气官 支气管|胸腔积夜 胸腔积液|积夜 积液|积业 积液|渗处 渗出
未件 未见|为见明显 未见明显|未见明线 未见明显|末见 未见|未见异长 未见异常|清析 清晰|清淅 清晰|清晣 清晰|毛燥 毛糙|毛造 毛糙|粗操 粗糙|对秤 对称
膀光 膀胱|旁胱 膀胱|胰线 胰腺|前列线 前列腺|甲状线 甲状腺|乳线 乳腺|肾上线 肾上腺|腮线 腮腺|腺休 腺体|子官 子宫|官颈 宫颈|官腔 宫腔|附见区 附件区|胆襄 胆囊|襄肿 囊肿|襄性 囊性
钙话 钙化|钙花 钙化|纤维话 纤维化|硬话 硬化|强话 强化|动麦 动脉|静麦 静脉|冠壮 冠状|半月版 半月板|韧代 韧带|肌键 肌腱|软股 软骨|关节面光画 关节面光滑
考滤 考虑|考虚 考虑|建意 建议|建仪 建议|随仿 随访|结和临床 结合临床|结合临窗 结合临床|请接合 请结合|萎宿 萎缩|钝园 钝圆|园形 圆形|椭园 椭圆|类园 类圆|扩涨 扩张|扩长 扩张|彭隆 膨隆|彭出 膨出|澎出 膨出
未见未见 未见|可见可见 可见|见见 见|左左 左|右右 右|侧侧 侧|的的 的|影影 影
`

const meant = new Map(
  pairs
    .trim()
    .split(/[|\n]/)
    .map((pair) => pair.split(' ') as [string, string]),
)
const pattern = new RegExp([...meant.keys()].toSorted((a, b) => b.length - a.length).join('|'), 'g')
/** Words in which the same characters are right. */
const right =
  /曾大[量出]|曾多[次发]|曾生育|侧侧[脑裂壁副支方隐]|[分间纵中]隔[下面顶肌]|结节结[构合]|器官[腔颈]|阴道横隔|子宫横隔/

export function wrongWords(text: string): Place[] {
  return [...text.matchAll(pattern)]
    .filter((match) => !right.test(text.slice(Math.max(0, match.index - 2), match.index + 5)))
    .map((match) =>
      place(text, match.index, match.index + match[0].length, {
        kind: 'wrong-word',
        weight: 'hint',
        expected: meant.get(match[0]) ?? '',
      }),
    )
}
