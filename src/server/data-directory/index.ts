export { readGatewayId } from './gateway-id.ts'
export { initialise } from './initialise.ts'
export { holdInstanceLock } from './instance-lock.ts'
export { type DataDirectory, dataDirectory } from './paths.ts'
