export { type Feed, newFeedCounters } from './feed.ts'
export { createHl7Feed, type Hl7Feed } from './hl7-feed.ts'
export { createIncoming, type Incoming } from './incoming.ts'
export { readServerTls } from './server-tls.ts'
