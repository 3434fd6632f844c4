export { createLoop } from './loop.ts'
export type { TakeReply } from './replies.ts'
