export { openPolicies, type Policies } from './policies.ts'
