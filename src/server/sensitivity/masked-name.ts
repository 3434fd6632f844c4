export { maskedName } from '../../shared/access/index.ts'
