export { createLoop, type Loop } from './loop.ts'
export type { TakeReply } from './replies.ts'
