import { VigilError } from '../../../shared/errors/index.ts'
import type { Token } from '../../../shared/ipc/index.ts'
import type { Clock } from '../../../shared/time/clock.ts'
import { chainOf } from '../chain.ts'
import type { SignRequest, TokenDriver, TokenSignature } from '../driver.ts'
import { describeCertificate, keyTypeOf, parseCertificate } from '../fitness.ts'
import { signatureHolds } from '../verify.ts'
import { createWatch } from '../watch.ts'
import { type HostClient, type HostTimeLimits, startHost } from './client.ts'
import type { PolicyReading } from './policy.ts'
import type { TokenReading } from './protocol.ts'
import type { SpawnHost } from './spawn.ts'

export interface Pkcs11Options {
  policy: PolicyReading
  spawn: SpawnHost
  clock: Clock
  /** Told when a host was lost or a module could not be loaded. */
  onProblem(problem: 'host-stopped' | 'module-not-loaded'): void
  limits?: HostTimeLimits
  pollMs?: number
}

/** USB keys over the vendors' PKCS#11 libraries. With no allowed module no process is started. */
export function createPkcs11Driver(options: Pkcs11Options): TokenDriver & { hostPid(): number | undefined } {
  const { policy, spawn, clock, limits = { startMs: 15_000, listMs: 5_000, signMs: 30_000 } } = options
  let client: HostClient | null = null
  let starting: Promise<HostClient> | null = null

  async function start(): Promise<HostClient> {
    const fresh = startHost(spawn, limits)
    client = fresh
    const { failed } = await fresh.load(policy.modules)
    for (const _ of failed) options.onProblem('module-not-loaded')
    return fresh
  }

  async function host(): Promise<HostClient> {
    if (client?.alive() && !starting) return client
    starting ??= start().finally(() => {
      starting = null
    })
    return starting
  }

  /** One failed reading may be a crash that a new host does not share; the second in a row is told. */
  async function readings(): Promise<TokenReading[]> {
    if (policy.modules.length === 0) return []
    try {
      return await (await host()).list()
    } catch {
      options.onProblem('host-stopped')
      return (await host()).list()
    }
  }

  const describe = (reading: TokenReading): Token => ({
    id: reading.id,
    kind: 'pkcs11',
    label: reading.label,
    pin: reading.pin,
    certificates: usable(reading).map(({ id, certificate }) => describeCertificate(id, certificate, clock())),
  })

  const watch = createWatch({
    pollMs: options.pollMs ?? 1_000,
    read: async () => {
      const found = await readings()
      return found.map((reading) => ({ token: describe(reading), insertion: insertionMark(reading) }))
    },
  })

  /** A new host counts its insertions from one again; what was there before its start has not been put in anew. */
  const marks = new Map<string, { client: HostClient | null; insertion: number; mark: number }>()
  function insertionMark({ id, insertion }: TokenReading): string {
    const last = marks.get(id)
    const same = !last || last.client !== client || last.insertion === insertion
    const mark = (last?.mark ?? 0) + (same ? 0 : 1)
    marks.set(id, { client, insertion, mark })
    return String(mark)
  }

  async function sign(request: SignRequest): Promise<TokenSignature> {
    const reading = (await readings()).find((candidate) => candidate.id === request.tokenId)
    if (!reading) throw new VigilError('token-absent')
    const { id, certificate } = choose(reading, request.certificateId)
    const statement = request.statement(certificate.raw)
    const pin = new Uint8Array(request.pin)
    try {
      const made = await (await host()).sign({
        tokenId: reading.id,
        certificateId: id,
        certificate: certificate.raw,
        pin,
        statement,
      })
      if (!signatureHolds(made.algorithm, statement, certificate, made.signature)) {
        throw new VigilError('token-driver-failed', { reason: 'signature' })
      }
      const others = reading.certificates.flatMap(({ der }) => parseCertificate(der) ?? [])
      const certificates = chainOf(certificate, others).map(({ raw }) => new Uint8Array(raw))
      return { certificates, algorithm: made.algorithm, signature: made.signature }
    } finally {
      pin.fill(0)
    }
  }

  return {
    list: async () => (await readings()).map(describe),
    sign,
    watch: watch.add,
    close: async () => {
      watch.stop()
      client?.kill()
    },
    hostPid: () => client?.pid,
  }
}

/** Certificates of people; the issuers' certificates that many tokens carry along are left out. */
function usable(reading: TokenReading) {
  return reading.certificates.flatMap(({ id, der }) => {
    const certificate = parseCertificate(der)
    return certificate && !certificate.ca ? [{ id, certificate }] : []
  })
}

function choose(reading: TokenReading, certificateId: string | undefined) {
  const candidates = usable(reading)
  if (certificateId !== undefined) {
    const chosen = candidates.find(({ id }) => id === certificateId)
    if (!chosen) throw new VigilError('token-changed')
    return chosen
  }
  const chosen = candidates.find(({ certificate }) => keyTypeOf(certificate))
  if (!chosen) throw new VigilError('token-certificate-unsuitable', { reason: 'none' })
  return chosen
}
