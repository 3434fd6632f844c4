import { randomBytes } from 'node:crypto'
import { createGateway, type Gateway, type SessionChannel } from '../../../src/main/channel/index.ts'
import { createEnrolment } from '../../../src/main/enrolment/index.ts'
import type { Log } from '../../../src/main/log.ts'
import type { Vault, WorkstationIdentity } from '../../../src/main/vault/index.ts'
import { failureOf } from '../../../src/shared/errors/index.ts'
import type { TestGateway, TestPerson } from '../../server/gateway-harness.ts'
import { tokenSign } from '../../server/sign-in-client.ts'

/** The workstation's own enrolment, channel and vault layout, without its window. */

export interface MemoryVault extends Vault {
  entries: Map<string, string>
}

export function memoryVault(from: Iterable<[string, string]> = []): MemoryVault {
  const entries = new Map(from)
  return {
    entries,
    read: async (name) => entries.get(name) ?? null,
    write: async (name, secret) => void entries.set(name, secret),
    remove: async (name) => void entries.delete(name),
  }
}

export function recordedLog(): Log & { events: string[] } {
  const events: string[] = []
  return {
    events,
    info: (event) => void events.push(event),
    failure: (event, thrown) => void events.push(`${event}: ${failureOf(thrown).code}`),
    close: () => {},
  }
}

export async function ticketFor(gateway: TestGateway): Promise<string> {
  const { code } = await gateway.codes.create({ kind: 'cli', id: 'test' })
  await gateway.enrolment.refresh()
  return `127.0.0.1:${gateway.enrolment.port()}/${code}/${gateway.authorities.gatewayPin}`
}

export interface Station {
  vault: MemoryVault
  gateway: Gateway
  log: ReturnType<typeof recordedLog>
  enrolment: ReturnType<typeof createEnrolment>
  /** What the workstation does every few seconds. */
  probe(): Promise<void>
  identity(): Promise<WorkstationIdentity>
  signIn(person: TestPerson): Promise<SessionChannel>
}

/** Opens what a vault holds, as a start of the workstation does. */
export async function startStation(vault: MemoryVault, clock: () => number = Date.now): Promise<Station> {
  const log = recordedLog()
  const enrolment = createEnrolment({ vault, clock, log })
  const identity = await enrolment.load()
  if (!identity) throw new Error('not enrolled')
  const gateway = createGateway(identity, { clock, random: randomBytes })
  return {
    vault,
    gateway,
    log,
    enrolment,
    probe: async () => enrolment.onStatus(gateway, await gateway.check()),
    async identity() {
      const stored = await createEnrolment({ vault, clock, log }).load()
      if (!stored) throw new Error('no identity')
      return stored
    },
    signIn: ({ signer }) =>
      gateway.signIn(
        async (statement) => ({
          certificates: [signer.certificateDer],
          algorithm: signer.algorithm,
          signature: tokenSign(signer, statement(signer.certificateDer)),
        }),
        { takeOver: true },
      ),
  }
}

export async function enrolStation(gateway: TestGateway, name: string): Promise<Station> {
  const vault = memoryVault()
  await createEnrolment({ vault, clock: Date.now, log: recordedLog() }).enrol(await ticketFor(gateway), name)
  return startStation(vault)
}
