import { type Charset, charsetNames } from './charset.ts'
import { type Field, header, message, segment, timestamp } from './er7.ts'
import type { Hl7Message, Hl7Segment } from './parse.ts'
import { errorCodeOf, type Problem, rejects } from './problem.ts'

/** What the answer says where the message could not even be read. */
const self = { application: 'VIGIL', facility: 'RADIOLOGY' }

/**
 * The general acknowledgement (v2.5.1 2.13.1) to a message, or to what could not be read as one (`received` null): AA, or AE
 * or AR with ERR naming the table 0357 code and the place. It repeats nothing of the message but its header's names and id.
 * A sender that asks for a commit acknowledgement only (enhanced mode, MSH-16 `NE`) gets CA, CE or CR.
 * `controlId` is the answer's own MSH-10, `at` its time.
 */
export function acknowledge(
  received: Hl7Message | null,
  problem: Problem | null,
  answer: { controlId: string; at: number; charset: Charset },
): string {
  const msh = received?.header
  const text = (field: number, component?: number) => msh?.field(field).text(component).slice(0, 180) ?? ''
  const event = text(9, 2)
  const version = /^2\.\d(\.\d)?$/.test(text(12)) ? text(12) : '2.5.1'
  const fields: Field[] = [
    party(msh, 5, self.application),
    party(msh, 6, self.facility),
    party(msh, 3, ''),
    party(msh, 4, ''),
    timestamp(answer.at),
    '',
    event ? ['ACK', event, 'ACK'] : 'ACK',
    answer.controlId,
    text(11) || 'P',
    version,
    '',
    '',
    '',
    '',
    '',
    charsetNames[answer.charset],
  ]
  const code = `${text(16) === 'NE' && text(15) !== '' ? 'C' : 'A'}${verdictOf(problem)}`
  return message([
    header(fields),
    segment('MSA', [code, text(10), problem ? sentence(problem) : '']),
    ...(problem ? [errorSegment(problem)] : []),
  ])
}

function verdictOf(problem: Problem | null): 'A' | 'E' | 'R' {
  if (!problem) return 'A'
  return rejects(problem) ? 'R' : 'E'
}

/** An HD of the message's header, sender and receiver change places. */
function party(msh: Hl7Segment | undefined, field: number, otherwise: string): Field {
  const given = [1, 2, 3].map((component) => msh?.field(field).text(component).slice(0, 180) ?? '')
  return given.some(Boolean) ? given : otherwise
}

/** ERR-1 is what receivers before v2.5 read, ERR-2 to ERR-4 what later ones do. */
function errorSegment(problem: Problem): string {
  const code = errorCodeOf(problem)
  const [, name = '', ordinal = '1', field = '', component = ''] =
    /^(\w{3})(?:\[(\d+)\])?(?:-(\d+)(?:\.(\d+))?)?/.exec(problem.where) ?? []
  const place: Field = name ? [name, ordinal, field, field && '1', component] : ''
  const before: Field = [name, name && ordinal, field, [code, problem.reason, 'HL70357']]
  return segment('ERR', [
    before,
    place,
    [code, problem.reason, 'HL70357'],
    'E',
    '',
    '',
    '',
    sentence(problem),
  ])
}

function sentence({ reason, where }: Problem): string {
  return where ? `${where} ${reason}` : reason
}
