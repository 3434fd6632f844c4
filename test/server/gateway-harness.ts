import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Logger, pino } from 'pino'
import {
  createHospitalCa,
  type HospitalCa,
  type KeyType,
  type UserCertificateRequest,
} from '../../demo/hospital-ca.ts'
import { startGateway as composeGateway, type GatewayTuning } from '../../src/server/app.ts'
import { dataDirectory, initialise } from '../../src/server/data-directory/index.ts'
import type { Role } from '../../src/shared/access/index.ts'
import type { SecurityPolicyInput } from '../../src/shared/policy/index.ts'
import type { Clock } from '../../src/shared/time/clock.ts'
import { type Answer, type Channel, type ClientIdentity, openChannel } from './channel.ts'
import { activityBody, keyAndRequest, type Signer, signIn } from './sign-in-client.ts'

/**
 * The gateway as the product composes it, in a directory of its own, on ports that the system chose, with a stand-in for
 * the hospital's CA.
 */

export interface TestWorkstation {
  id: string
  name: string
  identity: ClientIdentity
}

export interface TestPerson {
  accountId: string
  signer: Signer
}

export interface TestSession {
  id: string
  identity: ClientIdentity
  channel: Channel
  /** Reports activity, signed by the session's key. */
  report(counter: number, idleMs?: number): Promise<Answer>
}

/** A clock that stands still until it is moved. It starts at the real time, which TLS looks at. */
export function movableClock(startsAt = Date.now()): { clock: Clock; advance(ms: number): void } {
  let now = startsAt
  return {
    clock: () => now,
    advance: (ms) => {
      now += ms
    },
  }
}

/** Tests seat several people at one workstation, unless they are about that. */
const sharedDesk = { caps: { perWorkstation: 20 } }

const by = { kind: 'cli', id: 'test' } as const
const algorithms = { 'RSA-2048': 'RSA-PSS-SHA256', 'P-256': 'ECDSA-SHA256', 'P-384': 'ECDSA-SHA384' } as const

export type TestGateway = Awaited<ReturnType<typeof startGateway>>

export async function startGateway(
  options: {
    /** Top-level keys of vigil.yaml. */
    config?: { identity?: object; policy?: SecurityPolicyInput } & Record<string, unknown>
    /** Writes files that the configuration names, before the gateway reads them. */
    before?: (dir: string) => Promise<void>
    clock?: Clock
    tuning?: GatewayTuning
    log?: Logger
    /** An existing data directory (after `stop`), for a restart. */
    resume?: { dir: string; hospital: HospitalCa }
  } = {},
) {
  const clock = options.clock ?? Date.now
  const dir = options.resume?.dir ?? (await mkdtemp(join(tmpdir(), 'vigil-gateway-')))
  const hospital =
    options.resume?.hospital ?? (await createHospitalCa({ commonName: 'Hospital CA', now: clock() }))
  const crlFile = join(dir, 'hospital.crl')

  async function revoke(revoked: string[], times: { thisUpdate?: number; nextUpdate?: number } = {}) {
    const list = await hospital.revocationList({
      revoked,
      thisUpdate: times.thisUpdate ?? clock() - 60_000,
      nextUpdate: times.nextUpdate ?? clock() + 7 * 86_400_000,
    })
    await writeFile(crlFile, list)
  }

  if (!options.resume) {
    await writeFile(join(dir, 'hospital-ca.pem'), hospital.certificatePem)
    await revoke([])
    await options.before?.(dir)
    const { identity, policy, ...config } = options.config ?? {}
    // JSON is YAML.
    const configText = JSON.stringify({
      listen: { host: '127.0.0.1', apiPort: 0, enrolmentPort: 0 },
      identity: { userCaFiles: ['hospital-ca.pem'], crlFiles: ['hospital.crl'], ...identity },
      startingPolicy: { ...policy, session: { ...sharedDesk, ...policy?.session } },
      ...config,
    })
    await initialise(dir, { clock, configText })
  }
  const paths = dataDirectory(dir)
  const tuning = {
    sweepMs: 100,
    enrolmentPollMs: 50,
    checkResponses: true,
    writesAside: true,
    // A clock that the test moves is moved by time that passes, unless the test says otherwise.
    ...(options.clock ? { elapsed: options.clock } : {}),
    ...options.tuning,
  }
  const log = options.log ?? pino({ level: 'silent' })
  const gateway = await composeGateway(paths, { clock, log, tuning })
  const { apiPort } = gateway
  const { foundation, authorities, accounts, workstations, codes, tokens, sessions, enrol, enrolment } =
    gateway.parts

  const channels: Channel[] = []
  const connect = (identity?: ClientIdentity): Channel => {
    const channel = openChannel({
      port: apiPort,
      ca: authorities.gatewayCa,
      ...(identity ? { identity } : {}),
    })
    channels.push(channel)
    return channel
  }

  async function stop(): Promise<void> {
    for (const channel of channels) channel.close()
    await gateway.close()
  }

  return {
    dir,
    foundation,
    authorities,
    accounts,
    workstations,
    codes,
    tokens,
    sessions,
    credentials: gateway.parts.credentials,
    orders: gateway.parts.orders,
    revocation: gateway.parts.revocation,
    listener: gateway.parts.listener,
    pki: gateway.parts.pki,
    enrolment,
    hospital,
    crlFile,
    apiPort,
    connect,
    /** Writes a new revocation list of the hospital's CA over these serial numbers. */
    revoke,
    stop,
    async close() {
      await stop()
      await rm(dir, { recursive: true })
    },

    /** An enrolled workstation, by the same code path as the enrolment listener. */
    async workstation(name: string): Promise<TestWorkstation> {
      const { code } = await codes.create(by)
      const { csr, privateKey } = await keyAndRequest()
      const enrolled = await enrol({ code, csr: csr.toString('base64'), name }, '127.0.0.1')
      return { id: enrolled.workstationId, name, identity: { certificate: enrolled.certificate, privateKey } }
    },

    /** An account with a certificate of the hospital's CA bound to it. */
    async person(
      loginName: string,
      more: { roles?: Role[]; keyType?: KeyType; certificate?: Partial<UserCertificateRequest> } = {},
    ): Promise<TestPerson & { serialNumber: string; fingerprint: string }> {
      const keyType = more.keyType ?? 'P-256'
      const key = await hospital.issue({ commonName: loginName, keyType, ...more.certificate })
      const accountId = await accounts.create(
        { loginName, displayName: `姓名 ${loginName}`, roles: more.roles ?? ['radiologist'] },
        by,
      )
      const fingerprint = await accounts.bindCertificate(accountId, key.certificatePem, by)
      const { certificateDer, privateKeyPem, serialNumber } = key
      const signer = { certificateDer, privateKeyPem, algorithm: algorithms[keyType] }
      return { accountId, signer, serialNumber, fingerprint }
    },

    /** An account that a certificate of some CA speaks for. @returns its id */
    async known(loginName: string, certificateDer: Buffer): Promise<string> {
      const id = await accounts.create({ loginName, displayName: loginName, roles: ['radiologist'] }, by)
      await accounts.bindCertificate(id, certificateDer, by)
      return id
    },

    /** Signs in and opens a channel with the session certificate. @throws Error with the code where it is refused. */
    async session(workstation: TestWorkstation, person: TestPerson, more = {}): Promise<TestSession> {
      const answer = await signIn(connect(workstation.identity), person.signer, workstation.id, more)
      if (answer.status !== 200) throw new Error(answer.body.code)
      const { id } = answer.body.session
      const channel = connect(answer.identity)
      return {
        id,
        identity: answer.identity,
        channel,
        report(counter, idleMs = 0) {
          const facts = { gatewayId: gateway.gatewayId, sessionId: id, counter, idleMs }
          return channel.call('activity', { body: activityBody(answer.identity.privateKey, facts) })
        },
      }
    },
  }
}
