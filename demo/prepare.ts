import { randomBytes, randomInt } from 'node:crypto'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pino } from 'pino'
import { stringify } from 'yaml'
import { loadDemoOrders } from '../assets/demo/index.ts'
import { generateDemoStudies } from '../assets/phantoms/index.ts'
import { dataDirectory, initialise } from '../src/server/data-directory/index.ts'
import { createAccounts } from '../src/server/identity/index.ts'
import { openFoundation } from '../src/server/open-foundation.ts'
import { createOrders } from '../src/server/orders/index.ts'
import { Order } from '../src/shared/order/index.ts'
import { type DemoCard, writeCard } from './card.ts'
import { demoDictionary } from './dictionary.ts'
import { createHospitalCa, type HospitalCa, loadHospitalCa } from './hospital-ca.ts'
import { people } from './people.ts'
import { places } from './places.ts'
import { freePorts } from './ports.ts'

const day = 86_400_000
const caCertificate = join(places.hospitalCa, 'ca.pem')
const caKey = join(places.hospitalCa, 'ca.key')
const caCrl = join(places.hospitalCa, 'ca.crl')
const actor = { kind: 'cli', id: 'demo' } as const

/** Everything of the demo but the enrolment of its workstation, which needs the gateway running. Starts from nothing. */
export async function prepare(now: number, say: (line: string) => void): Promise<DemoCard> {
  rmSync(places.root, { recursive: true, force: true })
  for (const dir of [places.root, places.hospitalCa, places.usb, places.workstation]) {
    mkdirSync(dir, { recursive: true, mode: 0o700 })
  }
  const [apiPort, enrolmentPort, receiverPort, repliesPort, ordersPort] = (await freePorts(5)) as [
    number,
    number,
    number,
    number,
    number,
  ]
  const ca = await createHospitalCa({ commonName: '示范医院 CA', now })
  writeFileSync(caCertificate, ca.certificatePem)
  writeFileSync(caKey, ca.privateKeyPem, { mode: 0o600 })
  await writeCrl(ca, now)
  writeFileSync(places.repliesSecret, randomBytes(32).toString('hex'), { mode: 0o600 })

  writeFileSync(places.dictionary, JSON.stringify(demoDictionary))

  const configText = stringify({
    hospital: '示范医院',
    letterhead: {
      department: '放射科',
      title: '影像诊断报告',
      note: '本报告仅供临床医师参考，以签发的版本为准。',
    },
    listen: { host: '127.0.0.1', apiPort, enrolmentPort },
    serverNames: ['localhost', '127.0.0.1'],
    identity: { userCaFiles: [caCertificate], crlFiles: [caCrl] },
    criticalTargets: [
      { name: 'demo-his', kind: 'hl7-mllp', host: '127.0.0.1', port: receiverPort, retrySeconds: 2 },
    ],
    orderFeeds: [{ name: 'demo-his-orders', port: ordersPort, peers: ['127.0.0.1'] }],
    replies: {
      http: [{ name: 'demo-his', port: repliesPort, peers: ['127.0.0.1'], secretFile: places.repliesSecret }],
    },
    startingDictionaryFile: places.dictionary,
    log: { level: 'warn' },
  })
  await initialise(places.gateway, { clock: () => now, configText })
  const paths = dataDirectory(places.gateway)
  const studies = generateDemoStudies({
    targetDir: paths.studies,
    now,
    onProgress: everyTenth((share) => say(`  synthetic studies ${share} %`)),
  })
  const pins = await addPeople(ca, now)
  await studies
  writeFileSync(
    places.workstationConfig,
    JSON.stringify(
      {
        dataDir: places.workstation,
        name: '阅片室 1 号',
        demo: true,
        vaultService: 'Vigil demo',
        tokens: {
          pkcs11Policy: null,
          mediaDirectories: people.map(({ login }) => join(places.usb, login)),
          scanMounts: false,
        },
      },
      null,
      2,
    ),
  )
  const card = { receiverPort, repliesPort, ordersPort, pins, enrolled: false }
  writeCard(card)
  return card
}

/** Tells progress in tenths, each once. */
function everyTenth(tell: (percent: number) => void): (done: number, total: number) => void {
  let told = 0
  return (done, total) => {
    const tenths = Math.floor((done / total) * 10)
    if (tenths === told) return
    told = tenths
    tell(tenths * 10)
  }
}

/** The demo's CA is nobody's to run between starts: its revocation list is made anew at each. */
export async function renewRevocationList(now: number): Promise<void> {
  const pem = {
    certificatePem: await readFile(caCertificate, 'utf8'),
    privateKeyPem: await readFile(caKey, 'utf8'),
  }
  await writeCrl(await loadHospitalCa(pem, now), now)
}

async function writeCrl(ca: HospitalCa, now: number): Promise<void> {
  writeFileSync(
    caCrl,
    await ca.revocationList({ revoked: [], thisUpdate: now - 60_000, nextUpdate: now + 30 * day }),
  )
}

/** Accounts, their keys on "USB" media, and the orders. @returns the PINs by login name. */
async function addPeople(ca: HospitalCa, now: number): Promise<Record<string, string>> {
  const foundation = await openFoundation(dataDirectory(places.gateway), {
    clock: Date.now,
    log: pino({ level: 'silent' }),
  })
  try {
    const accounts = createAccounts(foundation)
    const pins: Record<string, string> = {}
    for (const { login, name, ...person } of people) {
      const { staffNumber, roles, clearance } = person
      const key = await ca.issue({ commonName: name })
      const account = { loginName: login, displayName: name, staffNumber, roles, clearance }
      const id = await accounts.create(account, actor)
      await accounts.bindCertificate(id, key.certificateDer, actor)
      const pin = String(randomInt(100_000, 1_000_000))
      pins[login] = pin
      const media = join(places.usb, login)
      mkdirSync(media, { mode: 0o700 })
      writeFileSync(join(media, `${name}.p12`), key.pkcs12(pin, name), { mode: 0o600 })
    }
    const orders = loadDemoOrders(now).map((order) => Order.parse(order))
    await createOrders(foundation, { announce: () => {} }).importOrders(orders, actor)
    return pins
  } finally {
    await foundation.store.close()
  }
}
