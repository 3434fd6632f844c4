import { randomBytes } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { draftKey, keytarVault, readIdentity, writeIdentity } from '../../../src/main/vault/index.ts'
import { ensureSecretService } from '../../../src/main/vault/secret-service.ts'
import { failureOf } from '../../../src/shared/errors/index.ts'

/** One start of a workstation as far as its vault goes; prints what it found. */
const [dataDir = '', what = ''] = process.argv.slice(2)
const vault = keytarVault('Vigil test')

if (what === 'without') {
  const outcome = await readIdentity(vault).then(String, failureOf)
  console.log(typeof outcome === 'string' ? outcome : outcome.code)
  process.exit(0)
}
const { kind, stop } = await ensureSecretService(dataDir)
if (what === 'die') {
  const pids = readdirSync('/proc').filter((pid) => /^\d+$/.test(pid) && parentOf(pid) === process.pid)
  process.stdout.write(JSON.stringify({ pids: pids.map(Number) }), () => process.kill(process.pid, 'SIGKILL'))
  await new Promise(() => {})
}
const before = await readIdentity(vault)
if (what === 'write') {
  await writeIdentity(vault, {
    workstationId: 'w1',
    gatewayId: 'g1',
    name: '阅片室1',
    host: '127.0.0.1',
    apiPort: 8443,
    key: readFileSync(join(dataDir, 'key.pem'), 'utf8'),
    certificate: readFileSync(join(dataDir, 'certificate.pem'), 'utf8'),
    issuer: 'I'.repeat(1500),
    gatewayCa: 'G'.repeat(1500),
  })
}
const key = await draftKey(vault, randomBytes)
const identity = await readIdentity(vault)
console.log(JSON.stringify({ kind, before, identity, draftKey: key.toString('base64') }))
stop()
process.exit(0)

function parentOf(pid: string): number {
  try {
    return Number(readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ')[1])
  } catch {
    return 0
  }
}
