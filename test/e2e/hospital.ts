import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import iconv from 'iconv-lite'
import { pino } from 'pino'
import { stringify } from 'yaml'
import { loadDemoOrders } from '../../assets/demo/index.ts'
import { generateDemoStudies } from '../../assets/phantoms/index.ts'
import { createHospitalCa, type HospitalCa, type UserKey } from '../../demo/hospital-ca.ts'
import { projectRoot } from '../../demo/places.ts'
import { freePorts } from '../../demo/ports.ts'
import { ensureRendererBuilt } from '../../scripts/build-renderer.ts'
import { dataDirectory, initialise } from '../../src/server/data-directory/index.ts'
import type { Foundation } from '../../src/server/foundation.ts'
import { createAccounts } from '../../src/server/identity/index.ts'
import { openFoundation } from '../../src/server/open-foundation.ts'
import { createOrders } from '../../src/server/orders/index.ts'
import type { Role, Sensitivity } from '../../src/shared/access/index.ts'
import { Order } from '../../src/shared/order/index.ts'
import type { SecurityPolicy } from '../../src/shared/policy/index.ts'
import { makeSoftHsm, type SoftHsm } from '../main/tokens/softhsm.ts'

const actor = { kind: 'cli', id: 'test' } as const
const day = 86_400_000
/** Everybody who has a key anywhere in these tests. */
const logins = [
  ...['li.wei', 'zhang.min', 'chen.gang', 'zhao.jing', 'zhou.hai', 'sun.jie', 'sun.yue'],
  ...['chen.yu', 'nobody', 'old', 'gone'],
]

/**
 * A hospital for one whole-product test: its CA, its staff with SoftHSM2 tokens or PKCS#12 media, and an initialised
 * gateway directory. Nothing of it runs yet.
 */
export interface Hospital {
  dir: string
  ca: HospitalCa
  hsm: SoftHsm
  gatewayDir: string
  /** The removable media of every workstation that has none of its own: PKCS#12 keys, one directory a person. */
  media: string
  apiPort: number
  enrolmentPort: number
  /** A person with an account and a key whose PIN is `pin`. */
  addPerson(person: {
    login: string
    name: string
    roles: Role[]
    pin: string
    on: 'pkcs11' | 'pkcs12'
    /** Left out, `general`. */
    clearance?: Sensitivity
  }): Promise<UserKey>
  /** A PKCS#12 key of the hospital's CA that no account knows, plugged in at `media`. */
  addKey(key: {
    login: string
    name: string
    pin: string
    notBefore?: number
    notAfter?: number
  }): Promise<UserKey>
  /** Plugs somebody's PKCS#12 key in, or pulls it out, where `usb` of a workstation is. */
  insertKey(login: string, usb: string): void
  pullKey(login: string, usb: string): void
  addOrders(orders: readonly Order[]): Promise<void>
  /** The phantom images of these orders of the demo, in the gateway's own archive. */
  addImages(orders: readonly Order[]): Promise<void>
  revoke(serialNumbers: string[]): Promise<void>
  /** Work on the gateway's own database, beside it. */
  withFoundation<T>(work: (foundation: Foundation) => Promise<T>): Promise<T>
  /** Writes a workstation's configuration; each has its own vault service. With `usb: 'own'` it has media of its own. */
  workstation(name: string, usb?: 'shared' | 'own'): { configFile: string; dataDir: string; usb: string }
  /** Changes the security policy beside the gateway, which takes it over within a second. */
  changePolicy(edit: (policy: SecurityPolicy) => void): Promise<void>
  /** Replaces top-level keys of the gateway's configuration; before it starts. */
  configure(keys: object): void
  /** Files of the gateway and the workstations (databases, logs, drafts) whose bytes hold the text, in UTF-8, UTF-16 or GB18030. */
  filesContaining(text: string): string[]
  /** The same for a number of few digits, which may stand by chance within a longer one. */
  filesContainingNumber(digits: string): string[]
  remove(): void
}

/** An order of the demo. */
export function demoOrder(accessionNumber: string): Order {
  return Order.parse(loadDemoOrders(Date.now()).find((order) => order.accessionNumber === accessionNumber))
}

export async function createHospital(gatewayConfig: object): Promise<Hospital> {
  const dir = mkdtempSync(join(tmpdir(), 'vigil-e2e-'))
  const gatewayDir = join(dir, 'gateway')
  const media = join(dir, 'media')
  mkdirSync(media)
  const ca = await createHospitalCa({ commonName: '测试医院 CA', now: Date.now() })
  const caFile = join(dir, 'ca.pem')
  const crlFile = join(dir, 'ca.crl')
  writeFileSync(caFile, ca.certificatePem)
  const revoke = async (revoked: string[]) => {
    const now = Date.now()
    writeFileSync(
      crlFile,
      await ca.revocationList({ revoked, thisUpdate: now - 60_000, nextUpdate: now + day }),
    )
  }
  await revoke([])
  const [apiPort, enrolmentPort] = (await freePorts(2)) as [number, number]
  const config = {
    listen: { host: '127.0.0.1', apiPort, enrolmentPort },
    identity: { userCaFiles: [caFile], crlFiles: [crlFile] },
    ...gatewayConfig,
  }
  await initialise(gatewayDir, { clock: Date.now, configText: stringify(config) })
  const hsm = makeSoftHsm()
  // A copy of its own, so that a build meanwhile does not take files from under a running window.
  await ensureRendererBuilt()
  const rendererDir = join(dir, 'renderer')
  cpSync(join(projectRoot, 'out/renderer'), rendererDir, { recursive: true })
  /** Media are plugged in and pulled out while workstations run: these slots are known to them from the start. */
  const slots = (usb: string) => logins.map((login) => join(usb, login))
  const keyFiles = new Map<string, Buffer>()
  const insertKey = (login: string, usb: string) => {
    const file = keyFiles.get(login)
    if (!file) throw new Error(`${login} has no PKCS#12 key`)
    mkdirSync(join(usb, login), { recursive: true })
    writeFileSync(join(usb, login, `${login}.p12`), file)
  }
  const putOnToken = (key: UserKey, { login, pin }: { login: string; pin: string }) => {
    const keyFile = join(dir, `${login}.key.pem`)
    const certFile = join(dir, `${login}.cert.pem`)
    writeFileSync(keyFile, key.privateKeyPem, { mode: 0o600 })
    writeFileSync(certFile, key.certificatePem)
    hsm.addToken({ label: login, pin, key: { keyFile, certFile } })
  }
  const addKey: Hospital['addKey'] = async ({ login, name, pin, ...validity }) => {
    const key = await ca.issue({ commonName: name, ...validity })
    keyFiles.set(login, key.pkcs12(pin, name))
    insertKey(login, media)
    return key
  }

  /** Of the gateway and the workstations, those whose bytes are so. */
  const files = (wanted: (bytes: Buffer) => boolean) =>
    [gatewayDir, join(dir, 'workstations')]
      .flatMap((root) =>
        existsSync(root) ? readdirSync(root, { recursive: true, withFileTypes: true }) : [],
      )
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .filter((file) => wanted(readFileSync(file)))

  async function withFoundation<T>(work: (foundation: Foundation) => Promise<T>): Promise<T> {
    const log = pino({ level: 'silent' })
    const foundation = await openFoundation(dataDirectory(gatewayDir), { clock: Date.now, log })
    try {
      return await work(foundation)
    } finally {
      await foundation.store.close()
    }
  }

  return {
    dir,
    ca,
    hsm,
    gatewayDir,
    media,
    apiPort,
    enrolmentPort,
    revoke,
    withFoundation,
    async addPerson({ login, name, roles, pin, on, clearance = 'general' }) {
      const key = await ca.issue({ commonName: name })
      await withFoundation(async (foundation) => {
        const accounts = createAccounts(foundation)
        const id = await accounts.create({ loginName: login, displayName: name, roles, clearance }, actor)
        await accounts.bindCertificate(id, key.certificateDer, actor)
      })
      if (on === 'pkcs11') putOnToken(key, { login, pin })
      else {
        keyFiles.set(login, key.pkcs12(pin, name))
        insertKey(login, media)
      }
      return key
    },
    addKey,
    insertKey,
    pullKey: (login, usb) => rmSync(join(usb, login), { recursive: true }),
    addOrders: (orders) =>
      withFoundation(async (foundation) => {
        await createOrders(foundation, { announce: () => {} }).importOrders(orders, actor)
      }),
    addImages: (orders) =>
      generateDemoStudies({
        targetDir: dataDirectory(gatewayDir).studies,
        now: Date.now(),
        only: orders.map(({ accessionNumber }) => accessionNumber),
      }),
    changePolicy: (edit) =>
      withFoundation(async ({ policies }) => {
        const { version, policy } = await policies.version()
        const edited = structuredClone(policy)
        edit(edited)
        await policies.change({ policy: edited, baseVersion: version }, { accountId: 'test', actor })
      }),
    workstation(name, whose = 'shared') {
      const dataDir = join(dir, 'workstations', name)
      const usb = whose === 'own' ? join(dir, 'usb', name) : media
      mkdirSync(dataDir, { recursive: true })
      mkdirSync(usb, { recursive: true })
      const configFile = join(dataDir, 'config.json')
      writeFileSync(
        configFile,
        JSON.stringify({
          dataDir,
          name,
          demo: true,
          vaultService: `Vigil test ${name}`,
          rendererDir,
          tokens: { pkcs11Policy: hsm.policyFile, mediaDirectories: slots(usb), scanMounts: false },
        }),
      )
      return { configFile, dataDir, usb }
    },
    configure: (keys) =>
      writeFileSync(dataDirectory(gatewayDir).config, stringify(Object.assign(config, keys)), {
        mode: 0o600,
      }),
    filesContaining(text) {
      const needles = (['utf-8', 'utf-16le', 'gb18030'] as const).map((charset) =>
        iconv.encode(text, charset),
      )
      return files((bytes) => needles.some((needle) => bytes.includes(needle)))
    },
    filesContainingNumber(digits) {
      const alone = new RegExp(`(?<!\\d)${digits}(?!\\d)`)
      return files((bytes) => bytes.includes(digits) && alone.test(bytes.toString('latin1')))
    },
    remove: () => rmSync(dir, { recursive: true, force: true }),
  }
}
