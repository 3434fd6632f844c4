import { randomBytes, X509Certificate } from 'node:crypto'
import { createGateway } from '../../../src/main/channel/index.ts'
import { createEnrolment } from '../../../src/main/enrolment/index.ts'
import type { Vault } from '../../../src/main/vault/index.ts'
import { recordedLog } from './station.ts'
import { vaultFiles } from './vault-files.ts'

/**
 * One start of a workstation that is killed outright at a step of its renewal: before its n-th change of the vault, or
 * `adopt` (written, not used yet). Prints the serial number it ended with.
 */
const [directory = '', dieAt = ''] = process.argv.slice(2)
const die = () => process.kill(process.pid, 'SIGKILL')

function mortal(vault: Vault): Vault {
  let changes = 0
  const step = () => {
    changes += 1
    if (String(changes) === dieAt) die()
  }
  return {
    read: vault.read,
    async write(name, secret) {
      step()
      await vault.write(name, secret)
    },
    async remove(name) {
      step()
      await vault.remove(name)
    },
  }
}

const log = recordedLog()
const enrolment = createEnrolment({ vault: mortal(vaultFiles(directory)), clock: Date.now, log })
const identity = await enrolment.load()
if (!identity) throw new Error('not enrolled')
const gateway = createGateway(identity, { clock: Date.now, random: randomBytes })
const adopt = gateway.adopt
gateway.adopt = async (next) => {
  if (dieAt === 'adopt') die()
  await adopt(next)
  if (dieAt === 'adopted') die()
}
await enrolment.onStatus(gateway, await gateway.check())
const { renewCertificate } = await gateway.check()
const stored = await enrolment.load()
const serialNumber = stored && new X509Certificate(stored.certificate).serialNumber
console.log(JSON.stringify({ renewCertificate, serialNumber, events: log.events }))
gateway.close()
