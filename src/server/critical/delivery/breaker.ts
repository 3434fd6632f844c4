/**
 * A target's circuit breaker, as a pure state machine. Closed: messages go out. Open: the target did not answer so often in
 * a row that it is left alone until `until` (epoch ms). Half-open: one message tries whether it is back.
 */
export type Circuit =
  | { state: 'closed'; failures: number }
  | { state: 'open'; until: number }
  | { state: 'half-open' }

export interface CircuitPolicy {
  failures: number
  coolDownSeconds: number
}

export const closedCircuit: Circuit = { state: 'closed', failures: 0 }

/** What the passing of time makes of it. A clock that was put back does not leave the target alone for longer. */
export function circuitAt(circuit: Circuit, now: number, { coolDownSeconds }: CircuitPolicy): Circuit {
  if (circuit.state !== 'open') return circuit
  const rest = circuit.until - now
  return rest <= 0 || rest > coolDownSeconds * 1000 ? { state: 'half-open' } : circuit
}

/** After an attempt that began in whatever state: any answer at all shows that somebody is there. */
export function circuitAfter(
  circuit: Circuit,
  answered: boolean,
  now: number,
  policy: CircuitPolicy,
): Circuit {
  if (answered) return closedCircuit
  const failures = circuit.state === 'closed' ? circuit.failures + 1 : policy.failures
  // What was in flight when it opened does not open it for longer.
  if (circuit.state === 'open') return circuit
  return failures < policy.failures
    ? { state: 'closed', failures }
    : { state: 'open', until: now + policy.coolDownSeconds * 1000 }
}

/** How many messages may be in flight. */
export function allowance(circuit: Circuit, connections: number): number {
  if (circuit.state === 'closed') return connections
  return circuit.state === 'half-open' ? 1 : 0
}

/** An administrator says that it may be tried now. */
export function resumed(circuit: Circuit): Circuit {
  return circuit.state === 'open' ? { state: 'half-open' } : circuit
}
