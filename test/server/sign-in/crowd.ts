import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { pino } from 'pino'
import { createHospitalCa } from '../../../demo/hospital-ca.ts'
import { freePorts } from '../../../demo/ports.ts'
import { startGateway } from '../../../demo/processes.ts'
import { dataDirectory, initialise } from '../../../src/server/data-directory/index.ts'
import type { Foundation } from '../../../src/server/foundation.ts'
import {
  createAccounts,
  createCredentials,
  createEnrol,
  createEnrolmentCodes,
} from '../../../src/server/identity/index.ts'
import { openFoundation } from '../../../src/server/open-foundation.ts'
import { loadAuthorities } from '../../../src/server/pki/index.ts'
import type { SecurityPolicyInput } from '../../../src/shared/policy/index.ts'
import { openChannel } from '../channel.ts'
import type { TestWorkstation } from '../gateway-harness.ts'
import { keyAndRequest, type Signer } from '../sign-in-client.ts'

const by = { kind: 'cli', id: 'test' } as const
const clock = Date.now

export interface Member {
  accountId: string
  loginName: string
  signer: Signer
}

/** So many of the people may sign in without their key. */
const granted = 60
export const password = 'mQ7#tLx2vB'

/** In memory where there is such a place: how long a disk takes for 6,000 commits is not the question here. */
const quickDisk = () => (existsSync('/dev/shm') ? '/dev/shm' : tmpdir())

/**
 * `vigil serve` as a process of its own, and a hospital full of people and workstations: each person has a certificate and the
 * same password, and the first of them may sign in without the key.
 */
export async function openCrowd(size: { people: number; workstations: number; policy: SecurityPolicyInput }) {
  const dir = mkdtempSync(join(quickDisk(), 'vigil-crowd-'))
  const paths = dataDirectory(dir)
  const hospital = await createHospitalCa({ commonName: 'Hospital CA', now: clock() })
  writeFileSync(join(dir, 'hospital-ca.pem'), hospital.certificatePem)
  const times = { thisUpdate: clock() - 60_000, nextUpdate: clock() + 86_400_000 }
  writeFileSync(join(dir, 'hospital.crl'), await hospital.revocationList({ revoked: [], ...times }))
  const [apiPort = 0, enrolmentPort = 0] = await freePorts(2)
  // JSON is YAML.
  const configText = JSON.stringify({
    listen: { host: '127.0.0.1', apiPort, enrolmentPort },
    identity: { userCaFiles: ['hospital-ca.pem'], crlFiles: ['hospital.crl'] },
    startingPolicy: size.policy,
    log: { level: 'error' },
  })
  await initialise(dir, { clock, configText })

  async function beside<T>(work: (foundation: Foundation) => Promise<T>): Promise<T> {
    const foundation = await openFoundation(paths, { clock, log: pino({ level: 'silent' }) })
    try {
      return await work(foundation)
    } finally {
      await foundation.store.close()
    }
  }

  const key = async (commonName: string): Promise<Signer> => ({
    ...(await hospital.issue({ commonName, keyType: 'P-256' })),
    algorithm: 'ECDSA-SHA256',
  })
  const authorities = await loadAuthorities(paths.pki, { clock })
  const people: Member[] = []
  const workstations: TestWorkstation[] = []
  await beside(async (foundation) => {
    // Nothing is lost with this connection: the gateway's own waits for the disk, as ever.
    await sql`pragma synchronous = off`.execute(foundation.store.db)
    const accounts = createAccounts(foundation)
    const { holders, passwords, fallback } = createCredentials(foundation, { endSession: async () => {} })
    const codes = createEnrolmentCodes(foundation)
    const enrol = createEnrol(foundation, { authorities, apiPort: () => apiPort })
    for (let i = 0; i < size.workstations; i += 1) {
      const { csr, privateKey } = await keyAndRequest()
      const { code } = await codes.create(by)
      const { workstationId, certificate } = await enrol(
        { code, csr: csr.toString('base64'), name: `w-${i}` },
        '127.0.0.1',
      )
      workstations.push({ id: workstationId, name: `w-${i}`, identity: { certificate, privateKey } })
    }
    let encoded = ''
    const place = (row: string) => ({ table: 'account_passwords', column: 'sealed_hash', row })
    for (let i = 0; i < size.people; i += 1) {
      const loginName = `crowd.${i}`
      const accountId = await accounts.create(
        { loginName, displayName: loginName, roles: ['radiologist'] },
        by,
      )
      const signer = await key(loginName)
      await accounts.bindCertificate(accountId, signer.certificateDer, by)
      people.push({ accountId, loginName, signer })
      const holder = await holders.byId(accountId)
      if (encoded === '') {
        const change = await passwords.prepareChange(holder, password)
        await foundation.store.transaction((trx) => change(trx, by))
        const { id, sealed_hash } = await foundation.store.db
          .selectFrom('account_passwords')
          .selectAll()
          .executeTakeFirstOrThrow()
        encoded = foundation.protection.open(place(id), sealed_hash)
      } else {
        // The first one's hash, sealed for each: to make 500 would take longer than the test.
        const id = crypto.randomUUID()
        await foundation.store.db
          .insertInto('account_passwords')
          .values({
            id,
            account_id: accountId,
            sealed_hash: foundation.protection.seal(place(id), encoded),
            set_at: clock(),
            expires_at: null,
            must_change: 0,
          })
          .execute()
      }
      if (i < granted) await fallback.grant(holder, { hours: 1, reason: 'x' }, { accountId: '', actor: by })
    }
  })
  const gateway = await startGateway(dir)

  return {
    people,
    workstations,
    beside,
    key,
    connect: (workstation: Pick<TestWorkstation, 'identity'>) =>
      openChannel({ port: apiPort, ca: authorities.gatewayCa, identity: workstation.identity }),
    /** Megabytes of the gateway's process. */
    memory(): { now: number; peak: number } {
      const status = readFileSync(`/proc/${gateway.process.pid}/status`, 'utf8')
      const of = (name: string) => Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)?.[1]) / 1024
      return { now: of('VmRSS'), peak: of('VmHWM') }
    },
    async close() {
      await gateway.stop()
      rmSync(dir, { recursive: true, force: true })
    },
  }
}

export type Crowd = Awaited<ReturnType<typeof openCrowd>>
