export { defaultConfigText, readConfig } from './file.ts'
export { GatewayConfig, type Hl7Target } from './schema.ts'
