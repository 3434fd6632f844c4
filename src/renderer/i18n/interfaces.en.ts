import type { interfacesZh } from './interfaces.zh-CN.ts'

export const interfacesEn: typeof interfacesZh = { title: '' }
