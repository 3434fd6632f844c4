export type { CodeTables } from './codes.ts'
export { defaultConfigText, readConfig } from './file.ts'
export type { MllpListenerConfig, OrderFeedConfig, OrderFeedField } from './incoming.ts'
export { MasterKeyConfig, withAbsoluteKeyFiles } from './master-key.ts'
export type { HttpReplyFeed, MllpReplyFeed } from './replies.ts'
export { GatewayConfig } from './schema.ts'
export type {
  CriticalTarget,
  FhirTarget,
  Hl7Target,
  SoapTarget,
  TableTarget,
  WebhookTarget,
} from './targets.ts'
export type { ClientTls, ServerTls } from './tls.ts'
