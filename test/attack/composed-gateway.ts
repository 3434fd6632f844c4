import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { type Logger, pino } from 'pino'
import { createHospitalCa } from '../../demo/hospital-ca.ts'
import { startGateway } from '../../src/server/app.ts'
import { dataDirectory, initialise } from '../../src/server/data-directory/index.ts'
import type { Foundation } from '../../src/server/foundation.ts'
import {
  type Accounts,
  certificateFrom,
  createAccounts,
  createEnrol,
  createEnrolmentCodes,
  createWorkstations,
} from '../../src/server/identity/index.ts'
import { openFoundation } from '../../src/server/open-foundation.ts'
import { createOrders } from '../../src/server/orders/index.ts'
import { loadAuthorities } from '../../src/server/pki/index.ts'
import { Role } from '../../src/shared/access/index.ts'
import { type Channel, type ClientIdentity, openChannel } from '../server/channel.ts'
import { keyAndRequest, type Signer, signIn } from '../server/sign-in-client.ts'
import { pastSeals } from '../server/tampering.ts'
import { ordersOf, studyFile } from './patient.ts'

const by = { kind: 'cli', id: 'test' } as const

export interface Person {
  accountId: string
  loginName: string
  displayName: string
  signer: Signer
}

export interface Workstation {
  id: string
  identity: ClientIdentity
}

export interface Session {
  id: string
  identity: ClientIdentity
  channel: Channel
}

export type ComposedGateway = Awaited<ReturnType<typeof composeGateway>>

/**
 * The gateway as `vigil serve` composes it, in this process, on a data directory of its own: a person of each role, an
 * enrolled workstation, a patient's order and images. Nothing in it is replaced for the test.
 */
/** What another program wrote is looked at when a test says so, and where it is read. */
const tuning = { checkResponses: true, integrity: { everyMs: 3_600_000 } }

export async function composeGateway(
  options: { config?: object; log?: Logger; files?: Record<string, string> } = {},
) {
  const clock = Date.now
  const log = options.log ?? pino({ level: 'silent' })
  const dir = mkdtempSync(join(tmpdir(), 'vigil-attack-'))
  const paths = dataDirectory(dir)
  const hospital = await createHospitalCa({ commonName: 'Hospital CA', now: clock() })
  writeFileSync(join(dir, 'hospital-ca.pem'), hospital.certificatePem)
  const list = { revoked: [], thisUpdate: clock() - 60_000, nextUpdate: clock() + 86_400_000 }
  writeFileSync(join(dir, 'hospital.crl'), await hospital.revocationList(list))
  // JSON is YAML.
  const configText = JSON.stringify({
    listen: { host: '127.0.0.1', apiPort: 0, enrolmentPort: 0 },
    identity: { userCaFiles: ['hospital-ca.pem'], crlFiles: ['hospital.crl'] },
    // A person of each role sits at the one workstation.
    startingPolicy: { session: { caps: { perWorkstation: 20 } } },
    ...options.config,
  })
  await initialise(dir, { clock, configText })
  for (const [name, text] of Object.entries(options.files ?? {}))
    writeFileSync(join(dir, name), text, { mode: 0o600 })
  writeFileSync(join(paths.studies, 'study.dcm'), studyFile())

  /** Work on the gateway's own store, beside it, as the CLI does. */
  async function beside<T>(work: (foundation: Foundation) => Promise<T>): Promise<T> {
    const foundation = await openFoundation(paths, { clock, log: pino({ level: 'silent' }) })
    try {
      return await work(foundation)
    } finally {
      await foundation.store.close()
    }
  }

  const authorities = await loadAuthorities(paths.pki, { clock })
  const addWorkstation = (name: string): Promise<Workstation> =>
    beside(async (foundation) => {
      const { code } = await createEnrolmentCodes(foundation).create(by)
      const enrol = createEnrol(foundation, { authorities, apiPort: () => 0 })
      const { csr, privateKey } = await keyAndRequest()
      const enrolled = await enrol({ code, csr: csr.toString('base64'), name }, '127.0.0.1')
      return { id: enrolled.workstationId, identity: { certificate: enrolled.certificate, privateKey } }
    })
  async function added(
    accounts: Accounts,
    person: { loginName: string; displayName: string },
    roles: Role[],
    certificate: Buffer,
  ): Promise<string> {
    if (roles.includes('bootstrap-administrator'))
      return accounts.bootstrap.createAdministrator(person, certificateFrom(certificate), by)
    const id = await accounts.create({ ...person, roles }, by)
    await accounts.bindCertificate(id, certificate, by)
    return id
  }
  const addPerson = (loginName: string, displayName: string, roles: Role[]): Promise<Person> =>
    beside(async (foundation) => {
      const key = await hospital.issue({ commonName: displayName, keyType: 'P-256' })
      const accounts = createAccounts(foundation)
      const { certificateDer, privateKeyPem } = key
      const accountId = await added(accounts, { loginName, displayName }, roles, certificateDer)
      const signer = { certificateDer, privateKeyPem, algorithm: 'ECDSA-SHA256' } as const
      return { accountId, loginName, displayName, signer }
    })

  const workstation = await addWorkstation('reading room 1')
  const people = {} as Record<Role, Person>
  // There is no bootstrap administrator once there are officers: that one comes first, as in a hospital.
  for (const [index, role] of Role.options.toReversed().entries())
    people[role] = await addPerson(`login.of.${role}`, `欧阳测试${'甲乙丙丁戊己庚辛'[index]}`, [role])
  await beside((foundation) => createOrders(foundation, { announce: () => {} }).importOrders(ordersOf(), by))

  const channels: Channel[] = []
  let gateway = await startGateway(paths, { clock, log, tuning })

  function connect(identity?: ClientIdentity): Channel {
    const to = { port: gateway.apiPort, ca: authorities.gatewayCa }
    const channel = openChannel(identity ? { ...to, identity } : to)
    channels.push(channel)
    return channel
  }

  async function stop(): Promise<void> {
    for (const channel of channels.splice(0)) channel.close()
    await gateway.close()
  }

  return {
    dir,
    paths,
    hospital,
    authorities,
    workstation,
    people,
    log,
    apiPort: () => gateway.apiPort,
    integrity: () => gateway.parts.integrity,
    connect,
    beside,
    addWorkstation,
    addPerson,
    revokeWorkstation: (id: string) => beside((foundation) => createWorkstations(foundation).revoke(id, by)),
    /** Signs in over the workstation's certificate and opens a channel with the session's. */
    async session(person: Person, at: Workstation = workstation): Promise<Session> {
      const answer = await signIn(connect(at.identity), person.signer, at.id, { takeOver: true })
      if (answer.status !== 200) throw new Error(answer.body.code)
      return { id: answer.body.session.id, identity: answer.identity, channel: connect(answer.identity) }
    },
    /** The database file through a connection that knows no key, as somebody on the machine would open it. */
    tamper<T>(work: (database: Database.Database) => T): T {
      const database = new Database(paths.database)
      try {
        return pastSeals(database, work)
      } finally {
        database.close()
      }
    },
    configText: () => readFileSync(paths.config, 'utf8'),
    stop,
    async restart() {
      await stop()
      gateway = await startGateway(paths, { clock, log, tuning })
    },
    async remove() {
      await stop()
      rmSync(dir, { recursive: true, force: true })
    },
  }
}
