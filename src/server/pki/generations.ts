import { z } from 'zod'

const number = z.int().positive()

/** One CA and its successors, numbered from 1. */
const Line = z.strictObject({
  /** The one that issues. */
  issuing: number,
  /** Those whose certificates are accepted; for the gateway CA, those that workstations are told to trust. */
  trusted: z.array(number).min(1),
  /** When the newest was made (epoch ms); null for the first. */
  begunAt: z.number().nullable(),
})
export type Line = z.infer<typeof Line>

export const authorityNames = ['gateway-ca', 'workstation-ca', 'session-ca'] as const
export type AuthorityName = (typeof authorityNames)[number]

/** Which generation of each of the gateway's CAs, and of its server certificate, is in use. */
export const Generations = z.strictObject({
  server: number,
  'gateway-ca': Line,
  'workstation-ca': Line,
  'session-ca': Line,
})
export type Generations = z.infer<typeof Generations>

const first: Line = { issuing: 1, trusted: [1], begunAt: null }
/** As `vigil init` makes them. */
export const initialGenerations: Generations = {
  server: 1,
  'gateway-ca': first,
  'workstation-ca': first,
  'session-ca': first,
}

/** A step that the state of the rotation does not allow; the message is for whoever runs the command. */
export class RotationError extends Error {}

export const newestOf = (line: Line): number => Math.max(...line.trusted)

/** Whether a successor exists and its predecessor is still accepted. */
export const isUnderWay = (line: Line): boolean => line.trusted.length > 1

/**
 * A successor comes in beside the one in use. The gateway CA's is only announced; those of clients issue at once.
 * @throws RotationError where a rotation is under way already.
 */
export function begun(name: AuthorityName, line: Line, next: number, now: number): Line {
  if (isUnderWay(line))
    throw new RotationError(
      `${name}: a rotation is under way; finish it first (the gateway CA: and retire it)`,
    )
  const issuing = name === 'gateway-ca' ? line.issuing : next
  return { issuing, trusted: [...line.trusted, next], begunAt: now }
}

/**
 * Gateway CA: the successor issues from now on, the predecessor stays known until it is retired. The others: the
 * predecessor's certificates are no longer accepted.
 * @throws RotationError where there is nothing to finish.
 */
export function finished(name: AuthorityName, line: Line): Line {
  const newest = newestOf(line)
  if (!isUnderWay(line) || (name === 'gateway-ca' && line.issuing === newest)) {
    throw new RotationError(`${name}: no rotation to finish; begin one first`)
  }
  return { ...line, issuing: newest, trusted: name === 'gateway-ca' ? line.trusted : [newest] }
}

/** The gateway CA's predecessor is no longer announced. @throws RotationError before the rotation is finished. */
export function retired(line: Line): Line {
  if (!isUnderWay(line) || line.issuing !== newestOf(line)) {
    throw new RotationError('gateway-ca: no finished rotation whose predecessor could be retired')
  }
  return { ...line, trusted: [line.issuing] }
}
