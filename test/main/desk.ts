import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'
import { steadyClock } from '../../src/main/lock/index.ts'
import { openLog } from '../../src/main/log.ts'
import { forkHost } from '../../src/main/tokens/index.ts'
import { createWorkstation, type WorkstationOptions } from '../../src/main/workstation.ts'
import type { Failure } from '../../src/shared/errors/index.ts'
import type { IpcArgs, IpcChannel, IpcResult } from '../../src/shared/ipc/index.ts'
import type { TestPerson } from '../server/gateway-harness.ts'
import { recordingShell } from './recording-shell.ts'
import { temporary } from './temporary.ts'

/** A workstation of the product's own composition behind a recording shell, and PKCS#12 keys to sign in with. */

export const pin = '246801'

type Answer<T> = { ok: true; value: T } | { ok: false; failure: Failure }
export type Desk = Awaited<ReturnType<typeof openDesk>>

export async function openDesk(
  options: Partial<
    Pick<WorkstationOptions, 'clock' | 'steady' | 'probeEveryMs' | 'statusEveryMs' | 'patience'>
  > = {},
) {
  const shell = recordingShell()
  const dataDir = temporary('desk')
  const media = temporary('media')
  const secrets = new Map<string, string>()
  const workstation = await createWorkstation({
    config: {
      dataDir,
      name: '阅片室',
      demo: true,
      vaultService: 'Vigil test',
      tokens: { pkcs11Policy: null, mediaDirectories: [media], scanMounts: false },
    },
    shell,
    vault: {
      read: async (name) => secrets.get(name) ?? null,
      write: async (name, secret) => void secrets.set(name, secret),
      remove: async (name) => void secrets.delete(name),
    },
    log: openLog(dataDir),
    clock: Date.now,
    steady: steadyClock,
    random: randomBytes,
    spawnHost: () => forkHost(),
    rendererDir: dataDir,
    version: '0.0.0',
    probeEveryMs: 200,
    ...options,
  })
  await workstation.start()

  const ask = <C extends IpcChannel>(channel: C, args?: IpcArgs<C>) =>
    shell.services().invoke(channel, args) as Promise<Answer<IpcResult<C>>>

  async function value<C extends IpcChannel>(channel: C, args?: IpcArgs<C>): Promise<IpcResult<C>> {
    const answer = await ask(channel, args)
    if (answer.ok) return answer.value
    throw new Error(`${channel}: ${answer.failure.code} ${JSON.stringify(answer.failure.facts)}`)
  }

  async function tokenId(label: string): Promise<string> {
    let found: string | undefined
    await expect
      .poll(async () => {
        found = (await value('tokens.list')).find((token) => token.label === label)?.id
        return found
      })
      .toBeDefined()
    return found ?? ''
  }

  return {
    shell,
    dataDir,
    media,
    ask,
    value,
    tokenId,
    log: () => readFileSync(join(dataDir, 'workstation.log'), 'utf8'),
    close: () => workstation.close(),
    enrol: (ticket: string) => value('workstation.enrol', { ticket, name: '阅片室' }),
    /** The person's key as a file on the removable media, named by its label. */
    insert: (person: Pick<TestPerson, 'signer'>, label: string) =>
      writeFileSync(join(media, `${label}.p12`), keyFile(person)),
    remove: (label: string) => rmSync(join(media, `${label}.p12`)),
    signIn: async (label: string, more: Partial<IpcArgs<'session.sign-in'>> = {}) =>
      ask('session.sign-in', { tokenId: await tokenId(label), pin, takeOver: false, ...more }),
    unlock: async (label: string) => ask('session.unlock', { tokenId: await tokenId(label), pin }),
    /** Waits until the window was told of this phase. */
    phase: (phase: string) => expect.poll(() => shell.lastState()?.phase, { timeout: 10_000 }).toBe(phase),
  }
}

/** A one-time ticket of the gateway's enrolment listener. */
export async function ticketOf(gateway: {
  codes: { create(by: { kind: 'cli'; id: string }): Promise<{ code: string }> }
  enrolment: { refresh(): Promise<unknown>; port(): number | null }
  authorities: { gatewayPin: string }
}): Promise<string> {
  const { code } = await gateway.codes.create({ kind: 'cli', id: 'test' })
  await gateway.enrolment.refresh()
  return `127.0.0.1:${gateway.enrolment.port()}/${code}/${gateway.authorities.gatewayPin}`
}

/** PKCS#12, made by openssl. */
export function keyFile({ signer }: Pick<TestPerson, 'signer'>): Buffer {
  const dir = temporary('pem')
  const [key, certificate, file] = ['key.pem', 'cert.pem', 'key.p12'].map((name) => join(dir, name)) as [
    string,
    string,
    string,
  ]
  writeFileSync(key, signer.privateKeyPem)
  const der = Buffer.from(signer.certificateDer)
  writeFileSync(certificate, execFileSync('openssl', ['x509', '-inform', 'DER'], { input: der }))
  const input = ['-inkey', key, '-in', certificate]
  execFileSync('openssl', ['pkcs12', '-export', ...input, '-out', file, '-passout', `pass:${pin}`])
  return readFileSync(file)
}
