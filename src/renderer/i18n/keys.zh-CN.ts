export const keysZh = {
  part: {
    window: '窗口',
    list: '检查列表',
    reading: '阅片',
    images: '图像',
    measure: '测量',
    report: '报告',
    signOff: '签发',
    dictionary: '危急值字典',
  },
  /** By action id, its dot and hyphens as they are. */
  does: {
    'window.sheet': '快捷键一览',
    'window.lock': '锁定工作站',
    'window.alerts': '危急值面板',
    'list.select': '选择检查',
    'list.open': '打开检查',
    'list.search': '搜索',
    'reading.back': '返回检查列表',
    'reading.next': '下一例',
    'reading.images': '转到图像',
    'reading.report': '转到报告',
  },
}
