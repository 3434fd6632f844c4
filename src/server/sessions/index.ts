export { sessionHandlers } from './handlers.ts'
export {
  nextSessionState,
  resumedTimes,
  type SessionFacts,
  type SessionPolicy,
  sessionPolicy,
} from './policy.ts'
export { createSessions, type NewSession, type Sessions } from './registry.ts'
