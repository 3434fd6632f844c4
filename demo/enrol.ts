import { setTimeout as wait } from 'node:timers/promises'
import { pino } from 'pino'
import { enrol } from '../src/main/channel/index.ts'
import { loadConfig } from '../src/main/config/index.ts'
import { keytarVault, writeIdentity } from '../src/main/vault/index.ts'
import { dataDirectory } from '../src/server/data-directory/index.ts'
import { createEnrolmentCodes } from '../src/server/identity/index.ts'
import { openFoundation } from '../src/server/open-foundation.ts'
import { openPki } from '../src/server/pki/index.ts'
import { VigilError } from '../src/shared/errors/index.ts'

/** A one-time enrolment ticket for a running gateway, as `vigil workstation enrol-code` prints it. */
export async function enrolmentTicket(gatewayDir: string): Promise<string> {
  const paths = dataDirectory(gatewayDir)
  const foundation = await openFoundation(paths, { clock: Date.now, log: pino({ level: 'silent' }) })
  try {
    const { authorities } = await openPki(foundation, paths.pki)
    const { code } = await createEnrolmentCodes(foundation).create({ kind: 'cli', id: 'demo' })
    return `localhost:${foundation.config.listen.enrolmentPort}/${code}/${authorities.gatewayPin}`
  } finally {
    await foundation.store.close()
  }
}

/** Enrols a workstation as its own enrolment screen does: over the network, key and certificate into the OS vault. */
export async function enrolWorkstation(workstationConfig: string, gatewayDir: string): Promise<void> {
  const config = loadConfig(workstationConfig)
  const ticket = await enrolmentTicket(gatewayDir)
  await writeIdentity(keytarVault(config.vaultService), await patiently(() => enrol(ticket, config.name)))
}

/** The gateway opens its enrolment listener within a second of the code; until then there is nothing to connect to. */
async function patiently<T>(attempt: () => Promise<T>): Promise<T> {
  for (let tries = 0; ; tries += 1) {
    try {
      return await attempt()
    } catch (error) {
      const notYet = error instanceof VigilError && error.code === 'gateway-unreachable'
      if (!notYet || tries >= 40) throw error
      await wait(250)
    }
  }
}
