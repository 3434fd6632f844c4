import { randomBytes } from 'node:crypto'
import { connect } from 'node:tls'
import { enrolmentTicket } from '../../demo/enrol.ts'
import { startGateway } from '../../demo/processes.ts'
import { createGateway, enrol } from '../../src/main/channel/index.ts'
import { createPkcs11Driver, forkHost, readPolicy } from '../../src/main/tokens/index.ts'
import { createHospital } from '../e2e/hospital.ts'
import { listening } from '../e2e/window.ts'
import { softHsmMissing } from '../main/tokens/softhsm.ts'
import { type BenchRow, CannotRun, rowOf, type Samples } from './row.ts'

const rounds = 25
const login = 'li.wei'
const pin = '246810'

/**
 * A whole sign-in as the workstation makes it (clock check, challenge, token signature over the channel, session
 * certificate, first request with it), against what it cannot be cheaper than: one mutual TLS handshake with the same
 * gateway and one signature of the same token.
 */
export async function benchSignIn(): Promise<BenchRow[]> {
  if (softHsmMissing) throw new CannotRun(softHsmMissing)
  const hospital = await createHospital({})
  process.env.SOFTHSM2_CONF = hospital.hsm.conf
  await hospital.addPerson({ login, name: '李伟', roles: ['radiologist'], pin, on: 'pkcs11' })
  const running = await startGateway(hospital.gatewayDir)
  const tokens = createPkcs11Driver({
    policy: await readPolicy(hospital.hsm.policyFile),
    spawn: () => forkHost(),
    clock: Date.now,
    onProblem: () => {},
  })
  try {
    const ticket = await enrolmentTicket(hospital.gatewayDir)
    await listening(hospital.enrolmentPort)
    const identity = await enrol(ticket, 'bench')
    const token = (await tokens.list()).find(({ label }) => label === login)
    const certificateId = token?.certificates[0]?.id
    if (!token || !certificateId) throw new Error('the token is not seen')
    const sign = (statement: (certificate: Uint8Array) => Uint8Array) =>
      tokens.sign({ tokenId: token.id, certificateId, pin: Buffer.from(pin), statement })
    const gateway = createGateway(identity, { clock: Date.now, random: randomBytes })

    const whole = async () => (await gateway.signIn(sign, { takeOver: true })).close()
    const handshake = () =>
      new Promise<void>((resolve, reject) => {
        const socket = connect({
          host: identity.host,
          servername: identity.host,
          port: identity.apiPort,
          ca: identity.gatewayCa,
          cert: `${identity.certificate.trim()}\n${identity.issuer}`,
          key: identity.key,
          minVersion: 'TLSv1.3',
        })
        socket.once('error', reject)
        socket.once('secureConnect', () => {
          socket.destroy()
          resolve()
        })
      })
    const bare = async () => {
      await handshake()
      await sign(() => randomBytes(200))
    }

    const samples: Samples = { ours: [], peer: [] }
    for (let round = -3; round < rounds; round += 1) {
      const ours = await timed(whole)
      const peer = await timed(bare)
      // The first few warm both up.
      if (round < 0) continue
      samples.ours.push(ours)
      samples.peer.push(peer)
    }
    gateway.close()
    const row = {
      name: 'sign-in with a token',
      unit: 'ms',
      better: 'lower',
      peerName: 'one mutual TLS handshake + one token signature',
      target: 'none stated; noted',
    } as const
    return [rowOf(row, samples)]
  } finally {
    await tokens.close()
    await running.stop()
    hospital.remove()
  }
}

async function timed(work: () => Promise<void>): Promise<number> {
  const began = performance.now()
  await work()
  return performance.now() - began
}
