/**
 * A gateway's sign-off and delivery in a process of its own, for killing: signs reports as fast as it can, each with one
 * alert, delivers them, and takes every fourth back. Says `ready`, then `signed <alert id>` or `withdrawn <alert id>` when that
 * has been answered.
 * Arguments: database directory, master key (hex), receiver port, first report number.
 */
import { aStudy, openReadingRoom } from '../reports/reading-room.ts'

const [dir = '', masterKey = '', port = '', first = ''] = process.argv.slice(2)
const room = await openReadingRoom(
  {
    criticalTargets: [
      {
        name: 'his',
        kind: 'hl7-mllp',
        host: '127.0.0.1',
        port: Number(port),
        ackTimeoutSeconds: 1,
        retrySeconds: 0.05,
        retryMaximumSeconds: 0.1,
        circuit: { coolDownSeconds: 0.1 },
      },
    ],
  },
  { dir, masterKey: Buffer.from(masterKey, 'hex') },
)
Object.defineProperty(room.time, 'now', { get: Date.now })
await room.critical.start()
process.stdout.write('ready\n')
for (let i = Number(first); ; i++) {
  const uid = `1.2.${i}`
  room.studies.set(uid, aStudy(uid, { patientId: `P${i % 3}`, accessionNumber: `A${i}` }))
  const { alerts } = await room.signOff('li', uid, { findings: '张力性气胸。', impression: '' })
  for (const { id } of alerts) {
    process.stdout.write(`signed ${id}\n`)
    if (i % 4 !== 3) continue
    const body = { reason: '误报' }
    await room.handlers.withdrawAlert(room.request('li', { params: { alert: id }, query: undefined, body }))
    process.stdout.write(`withdrawn ${id}\n`)
  }
  await new Promise((resolve) => setTimeout(resolve, 10))
}
