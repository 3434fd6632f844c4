export { createMasterKey, readMasterKey } from './master-key.ts'
export { openProtection } from './open.ts'
export { refuseWiderThanOwner } from './private-file.ts'
export { type BytesPurpose, IntegrityError, type Place, type Protection } from './protection.ts'
