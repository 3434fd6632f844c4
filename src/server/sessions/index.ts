export { sessionHandlers } from './handlers.ts'
export { createSessions, type Sessions } from './registry.ts'
