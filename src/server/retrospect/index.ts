export { createRetrospect } from './retrospect.ts'
