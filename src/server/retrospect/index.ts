export { createRetrospect, type RetrospectHandlers } from './retrospect.ts'
