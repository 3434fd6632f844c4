export { sessionHandlers } from './handlers.ts'
export { createSessions, type Sessions, type SessionsOptions } from './registry.ts'
