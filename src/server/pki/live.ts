import type { Foundation } from '../foundation.ts'
import { type Authorities, loadAuthorities } from './authorities.ts'
import { generationsVersion, readGenerations } from './generation-store.ts'
import { createLacking, createRotation, type Rotation } from './rotation.ts'

/** The gateway's certificates as they are now, and what changes them. */
export interface Pki {
  /** Always as of the newest step; ask it each time. */
  authorities: Authorities
  rotation: Rotation
  /** Looks whether a step was made, here or by another process. A step whose files do not load leaves what was. */
  refresh(): Promise<void>
  /** Calls `listener` after each change that was taken over; returns the function that stops it. */
  onChange(listener: () => void): () => void
}

/** @throws Error naming the file that is missing, too widely readable or wrong; IntegrityError. */
export async function openPki(foundation: Foundation, dir: string): Promise<Pki> {
  const { store, protection, clock, log } = foundation
  const listeners = new Set<() => void>()

  async function load() {
    const { version, generations } = await readGenerations(store.db, protection)
    return { version, authorities: await loadAuthorities(dir, { clock, generations }) }
  }
  let current = await load()
  let last: Promise<void> = Promise.resolve()
  let failed = 0

  async function look(): Promise<void> {
    const version = await generationsVersion(store.db)
    if (version <= current.version) return
    try {
      current = await load()
    } catch (error) {
      if (failed !== version) log.error({ file: (error as Error).message }, 'certificates not taken over')
      failed = version
      return
    }
    log.info({ version: current.version }, 'certificates changed')
    for (const listener of listeners) listener()
  }

  const refresh = () => {
    last = last.then(look, look)
    return last
  }
  const rotation = createRotation(foundation, { dir, lacking: createLacking(clock) })
  const refreshed =
    <A extends unknown[], R>(step: (...given: A) => Promise<R>) =>
    async (...given: A): Promise<R> => {
      const result = await step(...given)
      await refresh()
      return result
    }

  return {
    authorities: liveAuthorities(() => current.authorities),
    rotation: {
      server: refreshed(rotation.server),
      begin: refreshed(rotation.begin),
      finish: refreshed(rotation.finish),
      retire: refreshed(rotation.retire),
    },
    refresh,
    onChange(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

function liveAuthorities(now: () => Authorities): Authorities {
  return {
    get generations() {
      return now().generations
    },
    get server() {
      return now().server
    },
    get gatewayCa() {
      return now().gatewayCa
    },
    get gatewayPin() {
      return now().gatewayPin
    },
    get gatewayCas() {
      return now().gatewayCas
    },
    get clientCas() {
      return now().clientCas
    },
    newestOf: (pins) => now().newestOf(pins),
    issueWorkstation: (csr, workstation) => now().issueWorkstation(csr, workstation),
    issueSession: (csr, session) => now().issueSession(csr, session),
    issuerOf: (certificate) => now().issuerOf(certificate),
    issuedBy: (certificate) => now().issuedBy(certificate),
  }
}
