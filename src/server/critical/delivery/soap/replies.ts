import type { SoapTarget } from '../../../config/index.ts'
import { timeOf } from '../times.ts'
import { nodesAt, readXml, textAt } from './answer.ts'

type Polling = NonNullable<SoapTarget['poll']>

/**
 * The candidates of answers in what a query gave back, by the configured paths and codes. What is not mapped is left as it
 * is, for the schema to refuse by its field. @throws Error `answer-unreadable`
 */
export function readReplies(text: string, { list, fields, values }: Polling): unknown[] {
  return nodesAt(readXml(text), list).map((node) => {
    const field = (name: keyof typeof fields) => textAt(node, fields[name]) ?? ''
    const mapped = <T>(table: Readonly<Record<string, T>>, value: string): T | string =>
      Object.hasOwn(table, value) ? (table[value] as T) : value
    const readBack = mapped(values.readBack, field('readBack'))
    return {
      id: field('id'),
      alertId: field('alertId'),
      step: mapped(values.step, field('step')),
      by: { id: field('byId'), name: field('byName'), role: mapped(values.role, field('role')) || 'other' },
      readBack: readBack === true || readBack === 'true' || readBack === '1',
      measure: field('measure'),
      opinion: field('opinion'),
      at: timeOf(field('at')),
    }
  })
}
