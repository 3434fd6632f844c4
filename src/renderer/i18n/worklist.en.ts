import type { worklistRoomZh } from './worklist.zh-CN.ts'

export const worklistRoomEn: Record<keyof typeof worklistRoomZh, string> = {}
