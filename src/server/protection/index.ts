export { accessionIndex, patientIndex, studyIndex } from './blind-indexes.ts'
export { type KeyPurpose, type Keyring, openKeyring } from './keyring.ts'
export { takeFromEnvironment } from './master/environment.ts'
export {
  createMasterKey,
  nextMasterKeyFile,
  putInPlace,
  readMasterKey,
  writeMasterKey,
} from './master/file.ts'
export { openHsm } from './master/hsm.ts'
export { knownMaster, noteMaster } from './master/known.ts'
export { masterKeySource } from './master/source.ts'
export { bytesGeneration, openProtection, protectionBy } from './open.ts'
export { refuseWiderThanOwner } from './private-file.ts'
export {
  type BytesPurpose,
  IntegrityError,
  KeyUnavailableError,
  type Place,
  type Protection,
} from './protection.ts'
export { masterFingerprint, wrappingBy } from './wrapping.ts'
