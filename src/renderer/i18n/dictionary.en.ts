import type { dictionaryZh } from './dictionary.zh-CN.ts'

export const dictionaryEn: typeof dictionaryZh = { title: '' }
