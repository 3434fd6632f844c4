import type { printZh } from './print.zh-CN.ts'

export const printEn: Record<keyof typeof printZh, string> = {}
