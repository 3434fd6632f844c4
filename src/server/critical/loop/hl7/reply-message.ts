import type { MllpReplyFeed } from '../../../config/index.ts'
import { Hl7Error, type Hl7Message, type Hl7Segment, parseTime, zoneOf } from '../../../hl7/index.ts'

/** An answer as an ORU^R01 says it, and where each field of it stands in the message. */
export interface ReadReply {
  candidate: Record<string, unknown>
  /** `OBX[2]-5` by field; fields that are not in the message stand nowhere. */
  where: Record<string, string>
}

/**
 * Reads an answer: one OBX a fact (OBX-3.1 the code, OBX-5 the value), id MSH-10, time OBX-14 of the step, else MSH-7.
 * @throws Hl7Error for another kind of message, a fact that stands twice, a code that is not mapped, or a wrong time.
 */
export function replyOfMessage(
  message: Hl7Message,
  config: Pick<MllpReplyFeed, 'observations' | 'values' | 'zone'>,
): ReadReply {
  const type = message.header.field(9)
  if (type.text(1) !== 'ORU') throw new Hl7Error('message-type', 'MSH-9.1')
  if (type.text(2) !== 'R01') throw new Hl7Error('event', 'MSH-9.2')
  const rows = observationsOf(message)
  const { observations, values } = config
  const value = (name: keyof typeof observations) => rows.get(observations[name])?.field(5).text() ?? ''
  const place = (name: keyof typeof observations) => rows.get(observations[name])?.field(5).where ?? ''
  const coded = <T>(name: keyof typeof observations, table: Record<string, T>, own: Record<string, T>): T => {
    const given = value(name)
    const known = Object.hasOwn(table, given)
      ? table[given]
      : Object.hasOwn(own, given)
        ? own[given]
        : undefined
    if (known === undefined) throw new Hl7Error(given === '' ? 'missing' : 'code', place(name) || 'OBX')
    return known
  }
  const at = timeOf(message, rows, config)
  return {
    candidate: {
      id: message.header.field(10).text(),
      alertId: value('alertId'),
      step: coded('step', values.step, { received: 'received', handled: 'handled' }),
      by: {
        id: value('byId'),
        name: value('byName'),
        role: coded('role', values.role, { nurse: 'nurse', doctor: 'doctor', other: 'other', '': 'other' }),
      },
      readBack: coded('readBack', values.readBack, { Y: true, N: false, '': false }),
      measure: value('measure'),
      opinion: value('opinion'),
      at,
    },
    where: {
      id: 'MSH-10',
      alertId: place('alertId') || 'OBX',
      'by.id': place('byId'),
      'by.name': place('byName'),
      measure: place('measure'),
      opinion: place('opinion'),
    },
  }
}

function observationsOf(message: Hl7Message): Map<string, Hl7Segment> {
  const rows = new Map<string, Hl7Segment>()
  for (const segment of message.segments) {
    if (segment.name !== 'OBX') continue
    const code = segment.field(3).text(1)
    if (rows.has(code)) throw new Hl7Error('conflict', segment.field(3).where)
    rows.set(code, segment)
  }
  return rows
}

function timeOf(
  message: Hl7Message,
  rows: ReadonlyMap<string, Hl7Segment>,
  { observations, zone }: Pick<MllpReplyFeed, 'observations' | 'zone'>,
): number {
  const places = [
    rows.get(observations.at)?.field(5),
    rows.get(observations.step)?.field(14),
    message.header.field(7),
  ]
  const said = places.find((field) => field !== undefined && field.text() !== '')
  if (!said) throw new Hl7Error('missing', 'MSH-7')
  const at = parseTime(said.text(), zone === undefined ? null : zoneOf(zone))
  if (at === null) throw new Hl7Error('time', said.where)
  return at
}
