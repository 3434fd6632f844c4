import type { retrospectZh } from './retrospect.zh-CN.ts'

export const retrospectEn: typeof retrospectZh = { title: '' }
