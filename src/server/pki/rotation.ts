import type { Transaction } from 'kysely'
import type { AuditEntry } from '../audit/index.ts'
import type { Foundation } from '../foundation.ts'
import type { Schema } from '../store/index.ts'
import { createGeneration } from './authorities.ts'
import { readAuthority } from './authority.ts'
import { fileName, nextGeneration } from './files.ts'
import { changeGenerations } from './generation-store.ts'
import {
  type AuthorityName,
  begun,
  finished,
  type Generations,
  isUnderWay,
  newestOf,
  RotationError,
  retired,
} from './generations.ts'
import { createLink } from './link.ts'
import { createServerCertificate } from './server-certificate.ts'

type Actor = AuditEntry['actor']

/** Who would be shut out if a rotation were finished now; their names. */
export type Lacking = (name: AuthorityName, now: Generations, trx: Transaction<Schema>) => Promise<string[]>

/** The steps of rotating the gateway's certificates. Each is one transaction with its audit row. */
export interface Rotation {
  /** A new key and certificate for the gateway's names. @throws Error naming the file, where the gateway CA's key is not there. */
  server(by: Actor): Promise<Generations>
  /** @throws RotationError where a rotation of it is under way. */
  begin(name: AuthorityName, by: Actor): Promise<Generations>
  /** @throws RotationError where there is none to finish, or, without `force`, naming those who would be shut out. */
  finish(name: AuthorityName, by: Actor, options?: { force?: boolean }): Promise<Generations>
  /** The gateway CA's predecessor is forgotten. @throws RotationError where it was not finished. */
  retire(by: Actor): Promise<Generations>
}

export function createRotation(
  foundation: Pick<Foundation, 'store' | 'protection' | 'audit' | 'clock' | 'gatewayId' | 'config'>,
  { dir, lacking }: { dir: string; lacking: Lacking },
): Rotation {
  const { clock, gatewayId, config } = foundation
  const entryOf = (action: string, actor: Actor, name: string, detail: object): AuditEntry => ({
    action: `pki.${action}`,
    outcome: 'success',
    actor,
    object: { kind: 'certificate', id: name },
    detail: { ...detail },
  })

  async function issueServer(now: Generations, issuing: number): Promise<Generations> {
    const gateway = await readAuthority(dir, fileName('gateway-ca', issuing))
    const generation = await nextGeneration(dir, 'server')
    const { serverNames } = config
    await createServerCertificate({ dir, generation, serverNames, now: clock(), gateway })
    return { ...now, server: generation }
  }

  return {
    server: (by) =>
      changeGenerations(foundation, async (now) => {
        const generations = await issueServer(now, now['gateway-ca'].issuing)
        const detail = { generation: generations.server, names: config.serverNames.join(', ') }
        return { generations, entry: entryOf('server-certificate-issued', by, 'gateway-server', detail) }
      }),

    begin: (name, by) =>
      changeGenerations(foundation, async (now) => {
        const generation = await nextGeneration(dir, name)
        const line = begun(name, now[name], generation, clock())
        const to = await createGeneration({ dir, name, generation, gatewayId, now: clock() })
        if (name === 'gateway-ca') {
          const from = await readAuthority(dir, fileName(name, now[name].issuing))
          await createLink({ dir, generation, from, to, now: clock() })
        }
        const generations = { ...now, [name]: line }
        return { generations, entry: entryOf('rotation-begun', by, name, { generation }) }
      }),

    finish: (name, by, { force = false } = {}) =>
      changeGenerations(foundation, async (now, trx) => {
        const line = finished(name, now[name])
        const shutOut = await lacking(name, now, trx)
        if (shutOut.length > 0 && !force) {
          throw new RotationError(`${name}: would shut out ${shutOut.join(', ')}; wait for them, or --force`)
        }
        let generations: Generations = { ...now, [name]: line }
        if (name === 'gateway-ca') generations = await issueServer(generations, line.issuing)
        const detail = { generation: line.issuing, force, shutOut: shutOut.length }
        return { generations, entry: entryOf('rotation-finished', by, name, detail) }
      }),

    retire: (by) =>
      changeGenerations(foundation, async (now) => {
        const name = 'gateway-ca'
        const generations = { ...now, [name]: retired(now[name]) }
        const gone = now[name].trusted.filter((generation) => generation !== now[name].issuing)
        return { generations, entry: entryOf('ca-retired', by, name, { generation: gone.join(', ') }) }
      }),
  }
}

/**
 * Whom the end of a rotation would shut out. Gateway CA: workstations that have not said that they keep the new one.
 * Workstation CA: those whose certificate is of the old one. Session CA: sessions that began before the new one issued.
 */
export function createLacking(clock: () => number): Lacking {
  return async (name, now, trx) => {
    const newest = newestOf(now[name])
    if (name === 'session-ca') {
      const before = (now[name].begunAt ?? 0) + sessionCaGraceMs
      const rows = await trx
        .selectFrom('sessions')
        .innerJoin('workstations', 'workstations.id', 'sessions.workstation_id')
        .select('workstations.name')
        .where('sessions.state', '!=', 'ended')
        .where('sessions.expires_at', '>', clock())
        .where('sessions.started_at', '<=', before)
        .execute()
      return rows.map((row) => `a session at ${row.name}`)
    }
    const column = name === 'gateway-ca' ? 'gateway_ca_generation' : 'certificate_generation'
    const rows = await trx
      .selectFrom('workstations')
      .select('name')
      .where(column, '<', newest)
      .where('revoked_at', 'is', null)
      .where('certificate_expires_at', '>', clock())
      .orderBy('name')
      .execute()
    return rows.map((row) => row.name)
  }
}

/** A running gateway notices a rotation that the command line made within this. */
export const sessionCaGraceMs = 60_000
/** The security policy allows no longer shift; see SecurityPolicy.session.shiftHours. */
const longestShiftMs = 24 * 3_600_000

/** Whether every session of the old session CA must have ended by itself. */
export function sessionCaIsDone(generations: Generations, now: number): boolean {
  const line = generations['session-ca']
  return isUnderWay(line) && now > (line.begunAt ?? 0) + longestShiftMs + sessionCaGraceMs
}
