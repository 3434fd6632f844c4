import { mkdirSync } from 'node:fs'
import { api, type SignInRules } from '../shared/api/index.ts'
import { VigilError } from '../shared/errors/index.ts'
import type { IpcEvent } from '../shared/ipc/index.ts'
import type { Clock, RandomBytes } from '../shared/time/clock.ts'
import {
  channelError,
  createGateway,
  type Gateway,
  type GatewayStatus,
  isUnreachable,
  type Patience,
  type SessionChannel,
} from './channel/index.ts'
import type { WorkstationConfig } from './config/index.ts'
import { createContent } from './content/index.ts'
import { createDraftCipher, createDrafts, openDraftFiles } from './drafts/index.ts'
import { createEnrolment } from './enrolment/index.ts'
import { closingImagesWindow } from './images-window.ts'
import type { Log } from './log.ts'
import { createSessions, openTokenFailures } from './session/index.ts'
import type { Shell, WindowServices } from './shell.ts'
import {
  createPkcs11Driver,
  createPkcs12Driver,
  joinDrivers,
  noModules,
  readPolicy,
  type SpawnHost,
  type TokenDriver,
} from './tokens/index.ts'
import { draftKey, type Vault, type WorkstationIdentity } from './vault/index.ts'
import { createHandlers } from './window-calls/handlers.ts'
import { createInvoke } from './window-calls/index.ts'

/** How long the sign-in screen waits for the rules of the moment, in ms; it shows the last ones known otherwise. */
const rulesWaitMs = 1_500

/** What the gateway says of the workstation's certificate; a token's is not looked at by the status. */
const onlyEnrolmentHelps = new Set([
  'workstation-revoked',
  'workstation-unknown',
  // Its CA is no longer accepted.
  'client-certificate-required',
  'certificate-expired',
])

export interface WorkstationOptions {
  config: WorkstationConfig
  shell: Shell
  vault: Vault
  log: Log
  clock: Clock
  /** Milliseconds of a clock that nobody can set and that goes on while the machine sleeps. */
  steady: Clock
  random: RandomBytes
  /** How the PKCS#11 host process is started; differs by shell. */
  spawnHost: SpawnHost
  /** The built renderer. */
  rendererDir: string
  version: string
  /** How often the gateway is looked for while nobody is signed in, and how often it is asked for its status at least. */
  probeEveryMs?: number
  statusEveryMs?: number
  /** How long a gateway that hangs is waited for. */
  patience?: Patience
}

export interface Workstation {
  readonly services: WindowServices
  /** Opens the window. */
  start(): Promise<void>
  /** Writes drafts, signs out, stops every process that was started. */
  close(): Promise<void>
}

/** The workstation's composition root: builds every part and hands each what it needs. */
export async function createWorkstation(options: WorkstationOptions): Promise<Workstation> {
  const { config, vault, log, clock, steady, random } = options
  const shell = closingImagesWindow(options.shell, (error) => log.failure('images-window', error))
  const { probeEveryMs = 10_000, statusEveryMs = 3_600_000 } = options
  mkdirSync(config.dataDir, { recursive: true, mode: 0o700 })
  let identity: WorkstationIdentity | null = null
  let gateway: Gateway | null = null
  let reachable: boolean | null = null
  let signInRules: SignInRules | null = null
  let statusAt = Number.NEGATIVE_INFINITY
  let probing = false

  const send = (event: IpcEvent) => shell.send(event)
  const enrolment = createEnrolment({ vault, clock, log })

  const tokenFailures = await openTokenFailures({
    dataDir: config.dataDir,
    clock,
    log,
    report: async (failures) => {
      if (!gateway) throw new VigilError('workstation-not-enrolled')
      await gateway.reportTokenFailures(failures)
    },
  })
  const tokens = tokenFailures.watching(await createTokens(options))

  function setReachable(now: boolean): void {
    if (now !== reachable) send({ kind: 'gateway', reachable: now })
    reachable = now
    if (now) tokenFailures.flush()
  }

  const sessions = createSessions({
    shell,
    clock,
    steady,
    log,
    tokens,
    gateway: () => gateway,
    openDrafts,
    onReachable: setReachable,
  })

  async function openDrafts(channel: SessionChannel) {
    const { accountId } = channel.session
    const cipher = createDraftCipher(await draftKey(vault, random), random)
    const files = await openDraftFiles(config.dataDir, accountId, cipher)
    return createDrafts({
      accountId,
      files,
      clock,
      steady,
      saveOnGateway: (study, { text, amendment, keyImages }, baseRevision) =>
        channel.call(api.saveDraft, {
          params: { study },
          body: {
            text,
            baseRevision,
            ...(amendment ? { amendment } : {}),
            ...(keyImages ? { keyImages } : {}),
          },
        }),
      passes: (error) =>
        isUnreachable(error) || (error instanceof VigilError && error.code === 'session-locked'),
      onEvent: (event) => send({ kind: 'draft', ...event }),
    })
  }

  function use(next: WorkstationIdentity | null): void {
    gateway?.close()
    identity = next
    gateway = next && createGateway(next, { clock, random, patience: options.patience })
    statusAt = Number.NEGATIVE_INFINITY
    if (!next) signInRules = null
  }

  async function enrolHere(ticket: string, name: string): Promise<void> {
    if (gateway) throw new VigilError('conflict', { reason: 'enrolled' })
    // Before the one-time code is used up: is there a vault to keep the key in?
    await draftKey(vault, random)
    use(await enrolment.enrol(ticket, name))
    log.info('enrolled')
    sessions.announce()
    await probe()
  }

  /**
   * Is the gateway there, does it still know this workstation, and what does it say to it? Asked often while nobody is
   * signed in, and now and then for as long as somebody is: a session tells of itself whether the gateway is there.
   */
  async function probe(atOnce = false): Promise<void> {
    const vacant = sessions.state().phase === 'signed-out'
    if (!gateway || probing || !(atOnce || vacant || steady() - statusAt >= statusEveryMs)) return
    const asked = gateway
    probing = true
    statusAt = steady()
    try {
      const status = await asked.check()
      onStatus(status)
      void enrolment.onStatus(asked, status)
      if (vacant) setReachable(true)
    } catch (error) {
      if (asked === gateway && vacant) onProbeFailed(channelError(error))
    } finally {
      probing = false
    }
  }

  function onStatus(status: GatewayStatus): void {
    signInRules = status.signIn
  }

  function onProbeFailed(failure: VigilError): void {
    if (isUnreachable(failure) && reachable !== false) log.failure('gateway-probe', failure)
    setReachable(!isUnreachable(failure))
    // A TLS alert (facts.system) may come from anybody on the line; an answer is the gateway's own.
    if (!onlyEnrolmentHelps.has(failure.code) || failure.facts.system !== undefined) return
    log.failure('workstation-refused', failure)
    use(failure.code === 'workstation-unknown' ? enrolment.fallBack() : null)
    sessions.announce()
  }

  const handlers = createHandlers({
    sessions,
    tokens,
    tokenFailures,
    shell,
    about: { version: options.version, shell: shell.kind, demo: config.demo },
    workstationName: () => identity?.name ?? config.name,
    signInRules: async () => {
      // The policy may have changed since; a gateway that does not answer is not waited for.
      await Promise.race([probe(true), new Promise((resolve) => setTimeout(resolve, rulesWaitMs))])
      return signInRules
    },
    enrol: enrolHere,
    greet: () => {
      if (reachable !== null) send({ kind: 'gateway', reachable })
      if (shell.imagesWindowIsOpen()) send({ kind: 'images-window', open: true })
    },
  })
  const services: WindowServices = {
    invoke: createInvoke(handlers, log),
    content: createContent({
      rendererDir: options.rendererDir,
      random,
      frame: async (path, signal) => {
        const { channel, inFlight } = sessions.active()
        return channel.stream(path, AbortSignal.any([signal, inFlight.signal]))
      },
    }),
  }

  const timers: NodeJS.Timeout[] = []
  let stopWatching = () => {}

  return {
    services,
    async start() {
      use(await enrolment.load().catch((error: unknown) => log.failure('vault', error) ?? null))
      stopWatching = tokens.watch(({ tokens: present, removed }) => {
        sessions.tokensRemoved(removed)
        send({ kind: 'tokens', tokens: present })
      })
      shell.onImagesWindow((open) => send({ kind: 'images-window', open }))
      shell.onSignal((signal) => {
        // A suspension that was not told of beforehand is told of by its end.
        if (signal !== 'quit') void sessions.lock(signal === 'resume' ? 'suspend' : signal)
      })
      timers.push(setInterval(() => sessions.tick(), 1_000))
      timers.push(setInterval(() => void probe(), probeEveryMs))
      await shell.open(services)
      log.info('started', { shell: shell.kind, demo: config.demo })
      void probe()
    },
    async close() {
      for (const timer of timers) clearInterval(timer)
      stopWatching()
      await sessions.close()
      gateway?.close()
      await tokenFailures.close()
      await tokens.close()
      await shell.close()
      log.info('stopped')
    },
  }
}

async function createTokens({ config, clock, log, spawnHost }: WorkstationOptions): Promise<TokenDriver> {
  const { pkcs11Policy, mediaDirectories, scanMounts } = config.tokens
  const policy = pkcs11Policy === null ? noModules(null) : await readPolicy(pkcs11Policy)
  if (policy.problem) log.info('pkcs11-policy', { problem: policy.problem })
  const onProblem = (problem: string, label: string) => log.info('pkcs11', { problem, label })
  return joinDrivers([
    createPkcs11Driver({ policy, spawn: spawnHost, clock, onProblem }),
    createPkcs12Driver({ directories: mediaDirectories, scanMounts, clock }),
  ])
}
