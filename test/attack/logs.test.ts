import { writeFileSync } from 'node:fs'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { join } from 'node:path'
import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createBlockReader, frameBlock } from '../../src/server/hl7/mllp.ts'
import { signIn } from '../server/sign-in-client.ts'
import { readAndSign } from './clinical-flow.ts'
import { type ComposedGateway, composeGateway } from './composed-gateway.ts'
import { params, patient, report, studyFile } from './patient.ts'
import { dayOfSecondFactors } from './second-factors.ts'

/** The gateway's log at its most talkative, on a day on which everything that can be refused is. */
let gateway: ComposedGateway
let receiver: Server
const sockets = new Set<Socket>()
const lines: string[] = []
beforeAll(async () => {
  // A receiver that is not fond of us, and says so with what we sent it.
  let refusals = 0
  receiver = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => {})
    const read = createBlockReader()
    socket.on('data', (chunk) => {
      for (const block of read(chunk)) {
        const id = block.toString().split('|')[9]
        const words = `${patient.name} ${patient.id} ${report.impression}`
        const reason = refusals++ === 0 ? '207' : '101'
        const msh = 'MSH|^~\\&|HIS|H|VIGIL|R|20261122||ACK|1|P|2.5.1'
        socket.write(
          frameBlock(Buffer.from(`${msh}\rMSA|AE|${id}|${words}\rERR|||${reason}^${words}|E||||${words}\r`)),
        )
      }
    })
  })
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve))
  const { port } = receiver.address() as AddressInfo
  const log = pino({ level: 'debug' }, { write: (line: string) => void lines.push(line) })
  const target = { name: 'his', kind: 'hl7-mllp', host: '127.0.0.1', port, retrySeconds: 0.05 }
  gateway = await composeGateway({ log, config: { criticalTargets: [target] } })
})
afterAll(async () => {
  await gateway.remove()
  for (const socket of sockets) socket.destroy()
  receiver.close()
})

const logged = () => lines.join('')

describe('the log', () => {
  it('of refused sign-ins, reports and deliveries, and of broken files, holds codes and ids alone', async () => {
    const { radiologist, technologist } = gateway.people
    // Files that cannot be read, and are called what people call files.
    const whole = studyFile()
    writeFileSync(join(gateway.paths.studies, `${patient.name}_${patient.id}.dcm`), whole.subarray(0, 200))
    const broken = Buffer.from(whole)
    broken.fill(0xff, 140, 160)
    writeFileSync(join(gateway.paths.studies, `${patient.pinyin}.dcm`), broken)

    const { channel } = await gateway.session(radiologist)
    const alerts = await readAndSign(channel, radiologist)
    const again = await channel.call('saveDraft', { params, body: { text: report, baseRevision: 0 } })
    expect(again.body).toMatchObject({ revision: 0 })
    const twice = await channel.call('prepareSignOff', { params, body: { text: report } })
    expect(twice.body.code).toBe('report-already-signed')
    for (const search of [patient.name, patient.id]) {
      await channel.call('worklist', { query: `?search=${encodeURIComponent(search)}` })
      await channel.call('worklist', { query: `?limit=${encodeURIComponent(search)}` })
      await channel.send('GET', `/v1/studies/${encodeURIComponent(search)}`)
      await channel.send('GET', `/v1/${encodeURIComponent(search)}`)
    }
    const stranger = await gateway.hospital.issue({ commonName: patient.name, keyType: 'P-256' })
    const at = gateway.connect(gateway.workstation.identity)
    const { certificateDer, privateKeyPem } = stranger
    const signer = { certificateDer, privateKeyPem, algorithm: 'ECDSA-SHA256' as const }
    const refused = await signIn(at, signer, gateway.workstation.id, { password: `PIN-${patient.phone}` })
    expect(refused.body.code).toBe('account-unknown')
    const { channel: other } = await gateway.session(technologist)
    expect((await other.call('report', { params })).body.code).toBe('permission-denied')

    // One delivery is tried again, each is refused in the end.
    await expect
      .poll(
        async () => {
          const { body } = await channel.call('alerts')
          return body.alerts.map((alert: { delivery: { state: string } }) => alert.delivery.state)
        },
        { timeout: 8000 },
      )
      .toEqual(alerts.map(() => 'refused'))
    await gateway.restart()

    expect(logged()).toContain('alert refused')
    expect(logged()).toContain('alert not delivered yet')
    const secrets = [
      ...Object.values(patient),
      report.impression,
      report.findings.slice(0, 5),
      radiologist.displayName,
    ]
    for (const secret of [
      ...secrets,
      radiologist.loginName,
      encodeURIComponent(patient.name),
      'PRIVATE KEY',
      'PIN-',
    ])
      expect(logged()).not.toContain(secret)
    // The receiver's words are for the auditor alone, under seal.
    const clear = gateway.tamper((database) => JSON.stringify(database.prepare('select * from outbox').all()))
    for (const secret of secrets) expect(clear).not.toContain(secret)
  })

  it('of wrong passwords and codes, and of what officers give out and write down, holds none of them', async () => {
    const before = lines.length
    const { secrets, code } = await dayOfSecondFactors(gateway)
    await gateway.restart()
    const said = lines.slice(before).join('')
    expect(said).not.toBe('')
    for (const [what, secret] of Object.entries(secrets)) {
      for (const written of [secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret)])
        expect(said.includes(written), what).toBe(false)
    }
    expect(said).not.toMatch(new RegExp(`(?<!\\d)${code}(?!\\d)`))
  })
})
