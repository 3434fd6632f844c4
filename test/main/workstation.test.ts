import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { steadyClock } from '../../src/main/lock/index.ts'
import { openLog } from '../../src/main/log.ts'
import { forkHost } from '../../src/main/tokens/index.ts'
import type { Vault } from '../../src/main/vault/index.ts'
import { createWorkstation, type Workstation } from '../../src/main/workstation.ts'
import { VigilError } from '../../src/shared/errors/index.ts'
import type { IpcArgs, IpcChannel, IpcResult } from '../../src/shared/ipc/index.ts'
import { framePath } from '../../src/shared/ipc/index.ts'
import { canonicalReport } from '../../src/shared/report/canonical.ts'
import type { ReportDocument, ReportText, SignedReport } from '../../src/shared/report/index.ts'
import type { Clock } from '../../src/shared/time/clock.ts'
import { startGateway, type TestGateway, type TestPerson } from '../server/gateway-harness.ts'
import { type RecordingShell, recordingShell } from './recording-shell.ts'
import { temporary } from './temporary.ts'

/** The workstation core against a real gateway: enrolment, sign-in, session, lock and drafts over real mutual TLS. */

const study = '1.2.826.0.1.3680043.8.498.1'
const pin = '246801'
const frameBytes = randomBytes(300_000)

function memoryVault(): Vault & { entries: Map<string, string> } {
  const entries = new Map<string, string>()
  return {
    entries,
    read: async (name) => entries.get(name) ?? null,
    write: async (name, secret) => void entries.set(name, secret),
    remove: async (name) => void entries.delete(name),
  }
}

/** What a report capability would hold, in place of it: the harness answers identity and sessions for real. */
function reportRoutes() {
  const drafts = new Map<string, { text: ReportText; revision: number; savedAt: number }>()
  const signed: SignedReport[] = []
  const prepare = { change: (document: ReportDocument) => document }
  const state = { saving: true }
  return {
    drafts,
    signed,
    prepare,
    state,
    handlers: {
      report: async ({ params }: { params: { study: string } }) => ({
        status: 'draft' as const,
        draft: drafts.get(params.study) ?? null,
        lockedBy: null,
        submission: null,
        versions: [],
      }),
      saveDraft: async (request: {
        params: { study: string }
        body: { text: ReportText; baseRevision: number }
      }) => {
        if (!state.saving) throw new VigilError('too-many-requests')
        const before = drafts.get(request.params.study)?.revision ?? 0
        if (request.body.baseRevision !== before) throw new VigilError('report-changed')
        const draft = { text: request.body.text, revision: before + 1, savedAt: Date.now() }
        drafts.set(request.params.study, draft)
        return { revision: draft.revision, savedAt: draft.savedAt }
      },
      prepareSignOff: async (request: {
        principal: { accountId: string; displayName: string }
        params: { study: string }
        body: { text: ReportText }
      }) => ({
        findings: [],
        earlier: [],
        standing: [],
        recipients: [],
        check: 'none',
        document: prepare.change({
          schema: 'vigil/report/v1',
          reportId: 'r1',
          version: 1,
          previous: null,
          gatewayId: ids.gateway,
          studyInstanceUid: request.params.study,
          accessionNumber: 'A1',
          patientId: 'P1',
          patientName: '王五',
          author: { accountId: request.principal.accountId, name: request.principal.displayName },
          preparedAt: 1,
          dictionaryVersion: '1',
          exam: { modality: 'CT', bodyPart: '', itemName: '', patientClass: '', sex: '', age: '' },
          text: request.body.text,
          amendment: null,
          decisions: [],
          standing: [],
        }),
      }),
      signOff: async (request: { body: Omit<SignedReport, 'signedAt'> }) => {
        const report = { ...request.body, signedAt: 2 }
        signed.push(report)
        return { report, alerts: [] }
      },
      frame: async () => ({
        contentType: 'application/octet-stream; transfer-syntax=1.2.840.10008.1.2.1',
        body: Readable.from([frameBytes.subarray(0, 100_000), frameBytes.subarray(100_000)]),
      }),
    },
  }
}

const ids = { gateway: '' }

describe('the workstation against a gateway', () => {
  const routes = reportRoutes()
  const running: Workstation[] = []
  let gateway: TestGateway
  let person: TestPerson
  let media = ''

  /** The person's key as a PKCS#12 file, made by openssl. */
  function keyFile(who: TestPerson, name: string): void {
    const dir = temporary('pem')
    writeFileSync(join(dir, 'key.pem'), who.signer.privateKeyPem)
    const der = Buffer.from(who.signer.certificateDer)
    const certificate = execFileSync('openssl', ['x509', '-inform', 'DER'], { input: der })
    writeFileSync(join(dir, 'cert.pem'), certificate)
    const input = ['-inkey', join(dir, 'key.pem'), '-in', join(dir, 'cert.pem')]
    const output = ['-out', join(media, `${name}.p12`), '-passout', `pass:${pin}`]
    execFileSync('openssl', ['pkcs12', '-export', ...input, ...output])
    rmSync(dir, { recursive: true })
  }

  beforeAll(async () => {
    gateway = await startGateway({ tuning: { handlers: routes.handlers as never } })
    ids.gateway = gateway.foundation.gatewayId
    media = temporary('media')
    person = await gateway.person('zhang')
    keyFile(person, 'zhang')
  })
  afterEach(async () => {
    await Promise.all(running.splice(0).map((workstation) => workstation.close()))
    routes.state.saving = true
    routes.prepare.change = (document) => document
    routes.drafts.clear()
  })
  afterAll(() => gateway.close())

  async function start(options: { dataDir?: string; vault?: Vault; clock?: Clock; steady?: Clock } = {}) {
    const shell = recordingShell()
    const dataDir = options.dataDir ?? temporary('workstation')
    const rendererDir = join(dataDir, 'renderer')
    mkdirSync(rendererDir, { recursive: true })
    writeFileSync(join(rendererDir, 'index.html'), '<style nonce="__CSP_NONCE__"></style>')
    const vault = options.vault ?? memoryVault()
    const workstation = await createWorkstation({
      config: {
        dataDir,
        name: 'test',
        demo: true,
        vaultService: 'Vigil test',
        tokens: { pkcs11Policy: null, mediaDirectories: [media], scanMounts: false },
      },
      shell,
      vault,
      log: openLog(dataDir),
      clock: options.clock ?? Date.now,
      steady: options.steady ?? steadyClock,
      random: randomBytes,
      spawnHost: () => forkHost(),
      rendererDir,
      version: '0.0.0',
    })
    running.push(workstation)
    await workstation.start()
    const ask = async <C extends IpcChannel>(channel: C, args?: IpcArgs<C>) =>
      shell.services().invoke(channel, args) as Promise<
        { ok: true; value: IpcResult<C> } | { ok: false; failure: { code: string; facts?: object } }
      >
    const value = async <C extends IpcChannel>(channel: C, args?: IpcArgs<C>): Promise<IpcResult<C>> => {
      const answer = await ask(channel, args)
      if (!answer.ok)
        throw new Error(`${channel}: ${answer.failure.code} ${JSON.stringify(answer.failure.facts)}`)
      return answer.value
    }
    const stop = async () => {
      running.splice(running.indexOf(workstation), 1)
      await workstation.close()
    }
    return { shell, dataDir, vault, ask, value, stop }
  }
  type Started = Awaited<ReturnType<typeof start>>

  async function ticket(): Promise<string> {
    const { code } = await gateway.codes.create({ kind: 'cli', id: 'test' })
    await gateway.enrolment.refresh()
    return `127.0.0.1:${gateway.enrolment.port()}/${code}/${gateway.authorities.gatewayPin}`
  }

  const tokenNamed = async (at: Started, label: string) =>
    (await at.value('tokens.list')).find((token) => token.label === label)?.id ?? ''

  /** Enrolled once for all: the listener lets one address enrol ten times in a row, and no more. */
  let enrolment: Map<string, string> | null = null
  async function enrolled(options = {}) {
    const vault = memoryVault()
    for (const [name, secret] of enrolment ?? []) vault.entries.set(name, secret)
    const at = await start({ vault, ...options })
    if (!enrolment) {
      await at.value('workstation.enrol', { ticket: await ticket(), name: '阅片室一' })
      enrolment = new Map(vault.entries)
    }
    return at
  }

  async function signedIn(options = {}, label = 'zhang') {
    const at = await enrolled(options)
    await at.value('session.sign-in', { tokenId: await tokenNamed(at, label), pin, takeOver: true })
    return at
  }

  const settled = (shell: RecordingShell, phase: string) =>
    expect.poll(() => shell.lastState()?.phase, { timeout: 10_000 }).toBe(phase)

  it('enrols once, signs in with the token, and signs out', async () => {
    const at = await start()
    expect(await at.value('workstation.state')).toEqual({ phase: 'not-enrolled' })
    await at.value('workstation.enrol', { ticket: await ticket(), name: '阅片室一' })
    expect(await at.value('workstation.state')).toEqual({ phase: 'signed-out', ended: null })
    expect(await at.value('workstation.about')).toMatchObject({ workstationName: '阅片室一', demo: true })
    expect(await at.ask('workstation.enrol', { ticket: await ticket(), name: 'x' })).toMatchObject({
      failure: { code: 'conflict' },
    })
    await at.value('session.sign-in', { tokenId: await tokenNamed(at, 'zhang'), pin, takeOver: false })
    expect(await at.value('workstation.state')).toMatchObject({
      phase: 'active',
      session: { loginName: 'zhang', state: 'active' },
    })
    await at.value('session.sign-out')
    expect(at.shell.lastState()).toEqual({ phase: 'signed-out', ended: null })
    expect(
      await at.ask('worklist.list', { filter: { status: 'all' }, sort: null, offset: 0, limit: 10 } as never),
    ).toMatchObject({
      failure: { code: 'session-required' },
    })
  })

  it('knows its enrolment after a restart', async () => {
    const first = await enrolled()
    await first.stop()
    const again = await start({ vault: first.vault, dataDir: first.dataDir })
    expect(await again.value('workstation.state')).toMatchObject({ phase: 'signed-out' })
  })

  it('refuses a ticket with a wrong pin, a used code and what is not a ticket', async () => {
    const at = await start()
    const good = await ticket()
    const wrongPin = `${good.slice(0, -43)}${'A'.repeat(43)}`
    expect(await at.ask('workstation.enrol', { ticket: wrongPin, name: 'x' })).toMatchObject({
      failure: { code: 'gateway-untrusted' },
    })
    await at.value('workstation.enrol', { ticket: good, name: 'x' })
    const second = await start()
    await ticket() // keeps the listener open
    const used = good.replace(/:\d+\//, `:${gateway.enrolment.port()}/`)
    expect(await second.ask('workstation.enrol', { ticket: used, name: 'y' })).toMatchObject({
      failure: { code: 'enrolment-code-invalid' },
    })
    expect(await second.ask('workstation.enrol', { ticket: 'junk', name: 'y' })).toMatchObject({
      failure: { code: 'bad-request', facts: { field: 'ticket' } },
    })
  })

  it('tells a wrong PIN from a stranger, and signs neither in', async () => {
    const at = await enrolled()
    const tokenId = await tokenNamed(at, 'zhang')
    const wrong = { tokenId, pin: 'wrong', takeOver: true }
    expect(await at.ask('session.sign-in', wrong)).toMatchObject({ failure: { code: 'pin-wrong' } })
    const key = await gateway.hospital.issue({ commonName: 'stranger', keyType: 'P-256' })
    const signer = { ...person.signer, certificateDer: key.certificateDer, privateKeyPem: key.privateKeyPem }
    keyFile({ ...person, signer }, 'stranger')
    const stranger = { tokenId: await tokenNamed(at, 'stranger'), pin, takeOver: true }
    expect(await at.ask('session.sign-in', stranger)).toMatchObject({ failure: { code: 'account-unknown' } })
    expect(await at.value('workstation.state')).toMatchObject({ phase: 'signed-out' })
  })

  it('says that the clock is wrong before any signature', async () => {
    let skew = 0
    const at = await enrolled({ clock: () => Date.now() + skew })
    skew = 10 * 60_000
    const answer = await at.ask('session.sign-in', {
      tokenId: await tokenNamed(at, 'zhang'),
      pin,
      takeOver: true,
    })
    expect(answer).toMatchObject({ failure: { code: 'clock-skewed', facts: { skewMs: expect.any(Number) } } })
  })

  it('streams a frame from the gateway, under the strict headers', async () => {
    const at = await signedIn()
    const answer = await at.shell
      .services()
      .content(framePath(study, '1.2', '1.3', 1), new AbortController().signal)
    expect(answer.status).toBe(200)
    expect(answer.headers['content-type']).toBe(
      'application/octet-stream; transfer-syntax=1.2.840.10008.1.2.1',
    )
    expect(answer.headers['content-security-policy']).toContain("default-src 'none'")
    const body = Buffer.from(await new Response(answer.body as never).arrayBuffer())
    expect(body.equals(frameBytes)).toBe(true)
  })

  it('locks: blank first, then the state; nothing clinical is answered; the same person unlocks', async () => {
    const at = await signedIn()
    at.shell.order.length = 0
    await at.value('workstation.lock')
    expect(at.shell.order.filter((step) => /blank|state/.test(step))).toEqual([
      'blank',
      'state:locked',
      'unblank',
    ])
    expect(await at.value('workstation.state')).toMatchObject({ phase: 'locked', why: 'user' })
    expect(await at.ask('report.open', { study })).toMatchObject({ failure: { code: 'session-locked' } })
    const pixels = await at.shell
      .services()
      .content(framePath(study, '1.2', '1.3', 1), new AbortController().signal)
    expect(pixels.status).toBe(403)
    const sessions = async () =>
      (await gateway.sessions.live()).filter(({ loginName }) => loginName === 'zhang')
    await expect.poll(async () => (await sessions())[0]?.state).toBe('locked')

    const other = await gateway.person(`other${Date.now()}`)
    keyFile(other, 'other')
    const stranger = { tokenId: await tokenNamed(at, 'other'), pin }
    expect(await at.ask('session.unlock', stranger)).toMatchObject({ failure: { code: 'other-account' } })
    expect(await at.value('workstation.state')).toMatchObject({ phase: 'locked' })

    await at.value('session.unlock', { tokenId: await tokenNamed(at, 'zhang'), pin })
    expect(await at.value('workstation.state')).toMatchObject({ phase: 'active' })
    await at.value('report.open', { study })
  })

  it('locks when the token is taken out, on OS lock and on suspend', async () => {
    const at = await signedIn()
    const unlock = async () => at.value('session.unlock', { tokenId: await tokenNamed(at, 'zhang'), pin })
    const away = join(temporary('away'), 'zhang.p12')
    renameSync(join(media, 'zhang.p12'), away)
    await settled(at.shell, 'locked')
    expect(at.shell.lastState()).toMatchObject({ why: 'token-removed' })
    renameSync(away, join(media, 'zhang.p12'))
    await unlock()
    at.shell.signal('os-lock')
    await settled(at.shell, 'locked')
    expect(at.shell.lastState()).toMatchObject({ why: 'os-lock' })
    await unlock()
    at.shell.signal('suspend')
    await settled(at.shell, 'locked')
  })

  it('says why and by whom it was signed out elsewhere', async () => {
    const first = await signedIn()
    const second = await signedIn()
    await settled(first.shell, 'signed-out')
    expect(first.shell.lastState()).toMatchObject({
      ended: { reason: 'taken-over', byWorkstation: '阅片室一' },
    })
    expect(second.shell.lastState()).toMatchObject({ phase: 'active' })
  })

  it('keeps a draft here while the gateway does not take it, over lock and restart, and sends it later', async () => {
    routes.state.saving = false
    const at = await signedIn()
    await at.value('report.open', { study })
    const text = { findings: '左侧额叶见高密度影', impression: '' }
    await at.value('report.save-draft', { study, text })
    const directory = join(at.dataDir, 'drafts')
    const [account = ''] = readdirSync(directory)
    const [file = ''] = readdirSync(join(directory, account))
    const content = readFileSync(join(directory, account, file))
    expect(content.includes('额叶')).toBe(false)
    expect(`${account}${file}`).not.toContain(study)
    await expect
      .poll(() => at.shell.events.findLast((event) => event.kind === 'draft'), { timeout: 5_000 })
      .toMatchObject({ state: 'local', failure: { code: 'too-many-requests' } })
    await at.value('workstation.lock')
    // The last words of a window that is about to lock.
    const last = { findings: '左侧额叶见高密度影，约', impression: '' }
    await at.value('report.save-draft', { study, text: last })
    await at.stop()

    const again = await start({ vault: at.vault, dataDir: at.dataDir })
    await again.value('session.sign-in', { tokenId: await tokenNamed(again, 'zhang'), pin, takeOver: true })
    expect(await again.value('report.open', { study })).toMatchObject({ text: last, recovered: true })
    routes.state.saving = true
    await expect.poll(() => routes.drafts.get(study)?.text, { timeout: 8_000 }).toEqual(last)
    await expect
      .poll(() => again.shell.events.findLast((event) => event.kind === 'draft'))
      .toMatchObject({ state: 'gateway' })
  })

  it('signs exactly what was sent and shown, and forgets the local draft', async () => {
    const at = await signedIn()
    const tokenId = await tokenNamed(at, 'zhang')
    const text = { findings: '未见异常', impression: '正常' }
    await at.value('report.open', { study })
    await at.value('report.save-draft', { study, text })
    const { document } = await at.value('report.prepare-sign-off', { study, text })
    const forged = { ...document, patientName: '李四' }
    const sign = (shown: ReportDocument) =>
      at.ask('report.sign-off', { study, document: shown, decisions: [], standing: [], tokenId, pin })
    expect(await sign(forged)).toMatchObject({ failure: { code: 'report-changed' } })
    expect(await sign(document)).toMatchObject({ ok: true })
    const [report] = routes.signed
    expect(report && canonicalReport(report.document)).toBe(canonicalReport(document))
    const directory = join(at.dataDir, 'drafts')
    const left = readdirSync(directory).flatMap((account) => readdirSync(join(directory, account)))
    expect(left).toEqual([])
  })

  it('refuses to sign a document that is not the text that was sent', async () => {
    const at = await signedIn()
    routes.prepare.change = (document) => ({ ...document, text: { ...document.text, impression: '脑出血' } })
    const text = { findings: '未见异常', impression: '正常' }
    expect(await at.ask('report.prepare-sign-off', { study, text })).toMatchObject({
      failure: { code: 'report-changed' },
    })
  })

  it('writes no PIN, no text and no name into its log', async () => {
    const at = await signedIn()
    await at.ask('session.unlock', { tokenId: 'x', pin })
    await at.value('report.save-draft', { study, text: { findings: '机密文字', impression: '' } })
    await at.stop()
    const log = readFileSync(join(at.dataDir, 'workstation.log'), 'utf8')
    expect(log).toContain('signed-in')
    for (const secret of [pin, '机密', 'zhang', study, media]) expect(log).not.toContain(secret)
    expect(existsSync(join(at.dataDir, 'workstation.log'))).toBe(true)
  })
})
