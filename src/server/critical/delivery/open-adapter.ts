import type { CriticalTarget } from '../../config/index.ts'
import type { Foundation } from '../../foundation.ts'
import type { DeliveryAdapter } from './adapter.ts'
import { createFhirAdapter } from './fhir/adapter.ts'
import { createHl7Adapter } from './hl7/adapter.ts'
import { createSoapAdapter } from './soap/adapter.ts'
import { createTableAdapter } from './table/adapter.ts'
import { createWebhookAdapter } from './webhook/adapter.ts'

/** The adapter of a target. @throws Error naming the file where a secret, certificate or template is missing or wrong. */
export function openAdapter(target: CriticalTarget, { clock }: Pick<Foundation, 'clock'>): DeliveryAdapter {
  switch (target.kind) {
    case 'hl7-mllp':
      return createHl7Adapter(target)
    case 'soap':
      return createSoapAdapter(target, clock)
    case 'fhir':
      return createFhirAdapter(target)
    case 'table':
      return createTableAdapter(target)
    case 'webhook':
      return createWebhookAdapter(target, clock)
  }
}

/** Where a target is, without credentials, for people. */
export function addressOf(target: CriticalTarget): { address: string; tls: boolean } {
  if ('url' in target) {
    const { origin, pathname, protocol } = new URL(target.url)
    return { address: `${origin}${pathname}`, tls: protocol === 'https:' }
  }
  const at = `${target.host}:${target.port}`
  const tls = target.tls !== undefined
  return target.kind === 'table'
    ? { address: `${at}/${target.database} ${target.schema}.${target.table}`, tls }
    : { address: at, tls }
}
