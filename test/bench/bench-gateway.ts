import { enrolmentTicket } from '../../demo/enrol.ts'
import { type Running, startGateway } from '../../demo/processes.ts'
import { enrol } from '../../src/main/channel/index.ts'
import { createHospital, type Hospital } from '../e2e/hospital.ts'
import { listening } from '../e2e/window.ts'
import { type ClientIdentity, openChannel } from '../server/channel.ts'
import { type Signer, signIn } from '../server/sign-in-client.ts'

/** `vigil serve` in front of a PACS, with an enrolled workstation and a radiologist whose key is at hand. */
export interface BenchGateway {
  hospital: Hospital
  gatewayCa: string
  workstation: { id: string; identity: ClientIdentity }
  signer: Signer
  /** A new session; it takes over where there is one. */
  session(): Promise<ClientIdentity>
  /** The gateway anew, remembering no pixel. */
  restart(): Promise<void>
  /** Of the gateway, as it runs now. */
  pids(): number[]
  close(): Promise<void>
}

export async function startBenchGateway(dicomwebUrl: string): Promise<BenchGateway> {
  const hospital = await createHospital({ archive: { kind: 'dicomweb', url: dicomwebUrl } })
  const key = await hospital.addPerson({
    // One of the logins whose media the test workstations look for.
    login: 'li.wei',
    name: '李伟',
    roles: ['radiologist'],
    pin: '246810',
    on: 'pkcs12',
  })
  const signer = {
    certificateDer: key.certificateDer,
    privateKeyPem: key.privateKeyPem,
    algorithm: 'RSA-PSS-SHA256',
  } as const
  let gateway: Running = await startGateway(hospital.gatewayDir)
  const close = async () => {
    await gateway.stop()
    hospital.remove()
  }
  try {
    const ticket = await enrolmentTicket(hospital.gatewayDir)
    await listening(hospital.enrolmentPort)
    const enrolled = await enrol(ticket, 'bench')
    const { gatewayCa } = enrolled
    const identity = { certificate: enrolled.certificate, privateKey: enrolled.key }
    const workstation = { id: enrolled.workstationId, identity }
    return {
      hospital,
      gatewayCa,
      workstation,
      signer,
      async session() {
        const channel = openChannel({ port: hospital.apiPort, ca: gatewayCa, identity })
        try {
          const answer = await signIn(channel, signer, workstation.id, { takeOver: true })
          if (answer.status !== 200) throw new Error(`sign-in refused: ${answer.body.code}`)
          return answer.identity
        } finally {
          channel.close()
        }
      },
      async restart() {
        await gateway.stop()
        gateway = await startGateway(hospital.gatewayDir)
      },
      pids: () => (gateway.process.pid === undefined ? [] : [gateway.process.pid]),
      close,
    }
  } catch (error) {
    await close()
    throw error
  }
}
