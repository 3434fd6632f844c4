import { VigilError } from '../../../shared/errors/index.ts'
import type { Token, TokenModule } from '../../../shared/ipc/index.ts'
import type { Clock } from '../../../shared/time/clock.ts'
import { chainOf } from '../chain.ts'
import type { PinChange, SignRequest, TokenDriver, TokenSignature } from '../driver.ts'
import { chooseCertificate, describeCertificate, keyTypeOf, parseCertificate } from '../fitness.ts'
import { signatureHolds } from '../verify.ts'
import { createWatch } from '../watch.ts'
import type { HostClient } from './client.ts'
import type { TokenReading } from './protocol.ts'
import { createSupervisor, type Sighted, type SupervisorOptions } from './supervisor.ts'
import { moduleIdPrefix } from './token-id.ts'

export interface ModuleDriver extends TokenDriver {
  state(): Promise<TokenModule>
  pids(): { holder: number | undefined; scout: number | undefined }
}

/** How long the question of what became of a library waits for one that is being loaded. */
const stateWithinMs = 3_000

/** The tokens of one vendor's library, in a host process of its own. */
export function createModuleDriver(
  options: SupervisorOptions & { clock: Clock; pollMs: number },
): ModuleDriver {
  const { module, clock } = options
  const supervisor = createSupervisor(options)
  const prefix = moduleIdPrefix(module.path)

  const describe = (reading: TokenReading): Token => ({
    id: reading.id,
    kind: 'pkcs11',
    label: reading.label,
    pin: reading.pin,
    certificates: usable(reading).map(({ id, certificate }) => describeCertificate(id, certificate, clock())),
  })
  /** A host can speak for its own tokens only. */
  const own = (sighted: Sighted[]) => sighted.filter(({ reading }) => reading.id.startsWith(prefix))

  const watch = createWatch({
    pollMs: options.pollMs,
    read: async () =>
      own(await supervisor.look()).map(({ reading, insertion }) => ({ token: describe(reading), insertion })),
  })

  /** Runs `work` on the token, with copies of the PINs that are wiped whatever happens. */
  async function withToken<T>(
    tokenId: string,
    pins: readonly Buffer[],
    work: (host: HostClient, reading: TokenReading, copies: Uint8Array[]) => Promise<T>,
  ): Promise<T> {
    if (!tokenId.startsWith(prefix)) throw new VigilError('token-absent')
    const copies = pins.map((pin) => new Uint8Array(pin))
    try {
      return await supervisor.operate(async (host, tokens) => {
        const reading = tokens.find(({ id }) => id === tokenId)
        if (!reading) throw new VigilError('token-absent')
        return work(host, reading, copies)
      })
    } finally {
      for (const copy of copies) copy.fill(0)
    }
  }

  const sign = (request: SignRequest): Promise<TokenSignature> =>
    withToken(request.tokenId, [request.pin], async (host, reading, [pin = new Uint8Array()]) => {
      const { id, certificate } = choose(reading, request.certificateId, clock())
      const statement = request.statement(certificate.raw)
      const { algorithm, signature } = await host.sign({
        tokenId: reading.id,
        certificateId: id,
        certificate: certificate.raw,
        pin,
        statement,
      })
      if (!signatureHolds(algorithm, statement, certificate, signature)) {
        throw new VigilError('token-driver-failed', { reason: 'signature' })
      }
      const others = reading.certificates.flatMap(({ der }) => parseCertificate(der) ?? [])
      const certificates = chainOf(certificate, others).map(({ raw }) => new Uint8Array(raw))
      return { certificates, algorithm, signature }
    })

  const changePin = ({ tokenId, pin, newPin }: PinChange): Promise<void> =>
    withToken(tokenId, [pin, newPin], async (host, _reading, [from, to]) => {
      await host.changePin({ tokenId, pin: from ?? new Uint8Array(), newPin: to ?? new Uint8Array() })
    })

  async function state(): Promise<TokenModule> {
    if (!supervisor.state()) await within(stateWithinMs, supervisor.look())
    return { label: module.label, path: module.path, state: supervisor.state() ?? 'failed' }
  }

  return {
    list: async () => own(await supervisor.look()).map(({ reading }) => describe(reading)),
    sign,
    changePin,
    modules: async () => ({ problem: null, modules: [await state()] }),
    watch: watch.add,
    close: async () => {
      watch.stop()
      supervisor.close()
    },
    state,
    pids: supervisor.pids,
  }
}

/** When `work` has ended, well or not, or the time is over. */
async function within(ms: number, work: Promise<unknown>): Promise<void> {
  const over = new Promise((resolve) => setTimeout(resolve, ms).unref())
  await Promise.race([work.catch(() => {}), over])
}

/** Certificates of people; the issuers' certificates that many tokens carry along are left out. */
function usable(reading: TokenReading) {
  return reading.certificates.flatMap(({ id, der }) => {
    const certificate = parseCertificate(der)
    return certificate && !certificate.ca ? [{ id, certificate }] : []
  })
}

function choose(reading: TokenReading, certificateId: string | undefined, now: number) {
  const candidates = usable(reading)
  if (certificateId === undefined) return chooseCertificate(candidates, now)
  const chosen = candidates.find(({ id }) => id === certificateId)
  if (!chosen) throw new VigilError('token-changed')
  if (!keyTypeOf(chosen.certificate))
    throw new VigilError('token-certificate-unsuitable', { reason: 'key-type' })
  return chosen
}
