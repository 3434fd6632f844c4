import type { z } from 'zod'
import { VigilError } from '../../shared/errors/index.ts'

type Part = 'params' | 'query' | 'body'

/**
 * One part of a request, held against its schema. A route without a schema for the part takes nothing there.
 * @throws VigilError `bad-request` naming the part, the field and the kind of fault; never the value.
 */
export function validated(part: Part, schema: z.ZodType | undefined, value: unknown): unknown {
  if (!schema) {
    if (isEmpty(value)) return undefined
    throw new VigilError('bad-request', { where: part, fault: 'unexpected' })
  }
  const result = schema.safeParse(value)
  if (result.success) return result.data
  const issue = result.error.issues[0]
  throw new VigilError('bad-request', {
    where: part,
    field: (issue?.path ?? []).map(String).join('.').slice(0, 80),
    fault: issue?.code ?? 'invalid',
  })
}

function isEmpty(value: unknown): boolean {
  return (
    value === undefined || value === null || (typeof value === 'object' && Object.keys(value).length === 0)
  )
}
