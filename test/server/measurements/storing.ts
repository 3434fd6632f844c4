import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import type { TLSSocket } from 'node:tls'
import type { Archive } from '../../../src/server/archive/index.ts'
import type { SessionPrincipal } from '../../../src/server/foundation.ts'
import { createMeasurements } from '../../../src/server/measurements/index.ts'
import { measurementsApi } from '../../../src/shared/api/measurements.ts'
import { openTestFoundation } from '../foundation.ts'

/** Why nothing checks what was written; '' where all is there. */
export const checkersMissing = ['dciodvfy', 'dsrdump']
  .filter((name) => !existsSync(`/usr/bin/${name}`))
  .map((name) => `no ${name}`)
  .join(', ')

/** What a checking program says, on both streams; it may end with any code. */
export function checked(program: string, ...args: string[]): Promise<string> {
  return new Promise((resolve) => {
    execFile(program, args, { maxBuffer: 8 << 20 }, (_error, stdout, stderr) => resolve(`${stdout}${stderr}`))
  })
}

/** The capability over an archive, called as the listener calls it. */
export async function openMeasurements(archive: Archive) {
  const foundation = await openTestFoundation()
  const { handlers } = createMeasurements(foundation, { archive })
  const principal = {
    kind: 'session',
    sessionId: 's',
    accountId: 'li',
    displayName: '李医师',
    roles: ['radiologist'],
    workstationId: 'ws-1',
    factor: 'certificate',
    locked: false,
    clearance: 'general',
  } as SessionPrincipal
  return {
    foundation,
    store: (study: string, body: object) =>
      handlers.storeMeasurements({
        principal,
        params: { study },
        query: undefined as never,
        body: measurementsApi.storeMeasurements.body.parse(body),
        socket: null as unknown as TLSSocket,
        address: '127.0.0.1',
        signal: new AbortController().signal,
      }),
  }
}
