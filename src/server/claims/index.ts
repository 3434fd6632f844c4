export { type Claim, type Claims, createClaims } from './claims.ts'
