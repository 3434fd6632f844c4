import type { keysZh } from './keys.zh-CN.ts'

export const keysEn: typeof keysZh = {
  part: {
    window: 'Window',
    list: 'Worklist',
    reading: 'Reading',
    images: 'Images',
    measure: 'Measuring',
    report: 'Report',
    signOff: 'Sign-off',
    dictionary: 'Critical-value dictionary',
  },
  does: {
    'window.sheet': 'Keyboard shortcuts',
    'window.lock': 'Lock the workstation',
    'window.alerts': 'Critical values',
    'list.select': 'Select an exam',
    'list.open': 'Open the exam',
    'list.search': 'Search',
    'list.next': 'Open the next exam to report',
    'list.claim': 'Claim / release',
    'list.label': 'Sensitivity label',
    'list.view': 'Next view',
    'list.viewBack': 'View before',
    'list.columns': 'Choose columns',
    'exam.done': 'Mark the exam done (technologist)',
    'reading.back': 'Back to the worklist',
    'reading.next': 'Next case',
    'reading.images': 'To the images',
    'reading.report': 'To the report',
  },
}
