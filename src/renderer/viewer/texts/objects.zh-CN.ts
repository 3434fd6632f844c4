/** Objects beside images: overlays, presentation states, reports, key objects. */
export const objectsZh = {
  /** The language itself, for what is named by tables and not by texts. */
  language: 'zh-CN',
  'objects.overlays': '叠加层',
  'objects.states': '呈现状态',
  'objects.no-state': '呈现状态：不应用',
  'objects.unnamed': '未命名的呈现状态',
  'objects.apply': '应用并显示影像',
  'objects.take-off': '取消应用',
  'objects.partial': '未完成',
  'objects.verified': '已审核',
  'objects.unverified': '未审核',
  'objects.show-measurements': '在影像上显示 {n} 项测量',
  'objects.show-image': '序列 {series} 第 {n} 幅',
  'objects.elsewhere': '另有 {n} 幅所引用的影像不在已打开的检查中',
  'objects.saved': '显示已保存的测量（{n} 项）',
  'objects.saved.dismiss': '不显示',
  'objects.saved.mark': '已保存',
  'objects.size': '{n} KB',
}
