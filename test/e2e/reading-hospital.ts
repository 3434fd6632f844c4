import { enrolWorkstation } from '../../demo/enrol.ts'
import { type Running, startGateway } from '../../demo/processes.ts'
import { ensureSecretService, type SecretService } from '../../src/main/vault/secret-service.ts'
import type { Role, Sensitivity } from '../../src/shared/access/index.ts'
import { type Hl7Receiver, startHl7Receiver } from '../hl7-receiver/index.ts'
import { type AtDesk, atDesk } from './at-desk.ts'
import { createHospital, demoOrder, type Hospital } from './hospital.ts'
import { type OpenWindow, openWindow } from './window.ts'

/** A workstation whose window is open, with the keys that are plugged in there. */
export interface Seat extends OpenWindow {
  desk: AtDesk
  /** Where this shell puts what is saved to a file. */
  exportsDir: string
  usb: string
}

/** A hospital whose gateway and critical-value system run, and as many workstations as are asked for. */
export interface ReadingHospital {
  hospital: Hospital
  receiver: Hl7Receiver
  /** A workstation with the keys of these people plugged in, and no other. */
  seat(name: string, logins: readonly string[]): Promise<Seat>
  close(): Promise<void>
}

export interface Person {
  login: string
  name: string
  roles: Role[]
  clearance?: Sensitivity
}

/** With letters: digits alone stand by chance in a UID. */
export const pin = 'cedar-864213'

/** Exams of the demo by accession number, with their phantom images; people with PKCS#12 keys, all of one PIN. */
export async function createReadingHospital(
  people: readonly Person[],
  accessions: readonly string[],
): Promise<ReadingHospital> {
  const receiver = await startHl7Receiver()
  const hospital = await createHospital({
    archive: { kind: 'folder' },
    criticalTargets: [
      { name: 'his', kind: 'hl7-mllp', host: '127.0.0.1', port: receiver.port, retrySeconds: 0.5 },
    ],
  })
  const running: { gateway?: Running; secrets?: SecretService } = {}
  const seats: Seat[] = []
  async function close() {
    await Promise.all(seats.map((seat) => seat.close()))
    await running.gateway?.stop()
    await receiver.stop()
    running.secrets?.stop()
    hospital.remove()
  }
  try {
    for (const person of people) await hospital.addPerson({ ...person, pin, on: 'pkcs12' })
    const orders = accessions.map(demoOrder)
    await hospital.addOrders(orders)
    await hospital.addImages(orders)
    running.gateway = await startGateway(hospital.gatewayDir)
    running.secrets = await ensureSecretService(hospital.dir)
  } catch (error) {
    await close()
    throw error
  }
  return {
    hospital,
    receiver,
    async seat(name, logins) {
      const { configFile, dataDir, usb } = hospital.workstation(name, 'own')
      for (const login of logins) hospital.insertKey(login, usb)
      await enrolWorkstation(configFile, hospital.gatewayDir)
      const window = await openWindow(configFile)
      const seat = { ...window, desk: atDesk(window.page), exportsDir: `${dataDir}/exports`, usb }
      seats.push(seat)
      return seat
    },
    close,
  }
}
