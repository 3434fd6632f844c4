/** Names of object classes without images (PS3.4 B.5), by what follows 1.2.840.10008.5.1.4.1.1. */
const names: [prefix: string, zh: string, en: string][] = [
  ['88.59', '关键影像选择', 'Key object selection'],
  ['88.67', 'X 线剂量报告', 'X-ray radiation dose report'],
  ['88.50', '乳腺 CAD 结构化报告', 'Mammography CAD SR'],
  ['88.65', '胸部 CAD 结构化报告', 'Chest CAD SR'],
  ['88.40', '操作日志', 'Procedure log'],
  ['88.11', '基本文本结构化报告', 'Basic text SR'],
  ['88.22', '增强结构化报告', 'Enhanced SR'],
  ['88.33', '综合结构化报告', 'Comprehensive SR'],
  ['88.34', '三维综合结构化报告', 'Comprehensive 3D SR'],
  ['88', '结构化报告', 'Structured report'],
  ['104.1', '封装 PDF 文档', 'Encapsulated PDF'],
  ['104.2', '封装 CDA 文档', 'Encapsulated CDA document'],
  ['104.3', '封装 STL 模型', 'Encapsulated STL model'],
  ['104', '封装文档', 'Encapsulated document'],
  ['11.1', '灰度呈现状态', 'Grayscale presentation state'],
  ['11.2', '彩色呈现状态', 'Colour presentation state'],
  ['11', '呈现状态', 'Presentation state'],
  ['9.1', '心电波形', 'ECG waveform'],
  ['9.4', '声音波形', 'Audio waveform'],
  ['9', '波形', 'Waveform'],
  ['481.3', '放疗结构集', 'RT structure set'],
  ['481.5', '放疗计划', 'RT plan'],
  ['481.8', '离子放疗计划', 'RT ion plan'],
  ['481', '放疗对象', 'Radiotherapy object'],
  ['66.1', '空间配准', 'Spatial registration'],
  ['66.3', '形变配准', 'Deformable registration'],
  ['66.2', '空间基准点', 'Spatial fiducials'],
  ['66.5', '表面分割', 'Surface segmentation'],
  ['66.6', '纤维束', 'Tractography'],
  ['66', '原始数据', 'Raw data'],
  ['67', '真实世界值映射', 'Real-world value mapping'],
]
const storage = '1.2.840.10008.5.1.4.1.1.'

/** The class in words; the UID itself where it is none that has a name here. */
export function sopClassName(uid: string, language: 'zh-CN' | 'en'): string {
  const rest = uid.startsWith(storage) ? uid.slice(storage.length) : ''
  const found = names.find(([prefix]) => rest === prefix || rest.startsWith(`${prefix}.`))
  return found ? found[language === 'en' ? 2 : 1] : uid
}

/** Concepts of reports that a Chinese reader should not have to read in English, by code. Others stay as the document words them. */
const concepts: Record<string, string> = {
  '126000': '影像测量报告',
  '126010': '影像测量',
  '125007': '测量组',
  '112039': '跟踪标识',
  '112040': '跟踪唯一标识',
  '121049': '文档语言',
  '121005': '观察者类型',
  '121008': '观察者',
  '121058': '所报告的检查',
  '121106': '备注',
  '121401': '统计方式',
  '121071': '发现',
  '121070': '所见',
  '121072': '印象',
  '121073': '印象',
  '121076': '结论',
  '121077': '结论',
  '121074': '建议',
  '121060': '病史',
  '121064': '检查技术',
  '111028': '影像库',
  '112031': 'CT 值',
  '113000': '关键影像',
  '113012': '关键对象说明',
  '410668003': '长度',
  '103339001': '长径',
  '103340004': '短径',
  '1483009': '角度',
  '285285000': 'Cobb 角',
  '42798000': '面积',
  '373098007': '均值',
  '386136009': '标准差',
  '255605001': '最小值',
  '56851009': '最大值',
}
export const conceptName = (
  concept: { value: string; meaning: string } | null,
  language: 'zh-CN' | 'en',
): string =>
  concept
    ? ((language === 'zh-CN' ? concepts[concept.value] : undefined) ?? (concept.meaning || concept.value))
    : ''
