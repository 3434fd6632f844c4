import type { SoapTarget } from '../../../config/index.ts'
import { timeOf } from '../times.ts'
import { nodesAt, readXml, textAt } from './answer.ts'

type Polling = NonNullable<SoapTarget['poll']>
type Node = ReturnType<typeof readXml>

/**
 * The candidates of answers in what a query gave back. Whether it was read back is no where nothing understood says so.
 * @throws Error `answer-unreadable`
 */
export function readReplies(text: string, { list, ...reading }: Polling): unknown[] {
  return nodesAt(readXml(text), list)
    .map((node) => replyCandidate(node, reading))
    .map((candidate) => ({ ...candidate, readBack: candidate.readBack === true }))
}

/** One answer as XML, by the configured paths and codes. What is not mapped is left as it is, for the schema to refuse by its field. */
export function replyCandidate(node: Node, { fields, values }: Pick<Polling, 'fields' | 'values'>) {
  const field = (name: keyof typeof fields) => textAt(node, fields[name]) ?? ''
  const mapped = <T>(table: Readonly<Record<string, T>>, value: string): T | string =>
    Object.hasOwn(table, value) ? (table[value] as T) : value
  const readBack: Record<string, boolean> = { true: true, '1': true, false: false, '0': false, '': false }
  return {
    id: field('id'),
    alertId: field('alertId'),
    step: mapped(values.step, field('step')),
    by: { id: field('byId'), name: field('byName'), role: mapped(values.role, field('role')) || 'other' },
    readBack: mapped({ ...readBack, ...values.readBack }, field('readBack')),
    measure: field('measure'),
    opinion: field('opinion'),
    at: timeOf(field('at')),
  }
}
