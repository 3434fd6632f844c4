export { createWorklist } from './worklist.ts'
