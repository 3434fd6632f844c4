import { readFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { observationOf, startHl7Receiver, textOf } from '../../../hl7-receiver/index.ts'
import { startPostgres } from '../../../postgres/index.ts'

/** A message as it counted at the hospital. */
export interface Arrival {
  controlId: string
  kind: string
  alertId: string
  patientId: string
  /** It had come before. */
  repeat: boolean
}

/** A hospital system that misbehaves, and the target that the gateway knows it by. */
export interface Hospital {
  target: object
  /** In the order of arrival. */
  arrivals(): Promise<readonly Arrival[]>
  stop(): Promise<void>
}

const patience = {
  name: 'his',
  retrySeconds: 0.05,
  retryMaximumSeconds: 0.1,
  circuit: { coolDownSeconds: 0.1 },
}

/** Messages of any kind, in HL7: some are dropped, refused, delayed, or answered twice or not at all. */
export async function hl7Hospital(): Promise<Hospital> {
  const receiver = await startHl7Receiver({
    seed: 3,
    drop: 0.05,
    loseAnswer: 0.05,
    nak: 0.1,
    duplicateAck: 0.2,
    delay: 0.02,
  })
  const { port, messages } = receiver
  const told: Arrival[] = []
  return {
    target: { ...patience, kind: 'hl7-mllp', host: '127.0.0.1', port, ackTimeoutSeconds: 1 },
    async arrivals() {
      for (const message of messages.slice(told.length)) {
        if (message.problems.length > 0) throw new Error(message.problems.join('; '))
        told.push({
          controlId: message.controlId,
          kind: textOf(observationOf(message, 'CV-MESSAGE')).replace(/[^a-z].*$/s, ''),
          alertId: textOf(observationOf(message, 'CV-ALERT-ID')),
          patientId: textOf(message.segments.PID?.[0]?.[3] ?? ''),
          repeat: message.repeat,
        })
      }
      return told
    },
    stop: () => receiver.stop(),
  }
}

/** A receiver of signed JSON: of each ten requests one is cut off unread, one counts without an answer, one is refused for now. */
export async function webhookHospital(dir: string): Promise<Hospital> {
  const arrivals: Arrival[] = []
  let requests = 0
  const server = createServer((incoming, answer) => {
    const chunks: Buffer[] = []
    incoming.on('error', () => {})
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk))
    incoming.on('end', () => {
      const fate = requests++ % 10
      if (fate === 3) return incoming.socket.destroy()
      if (fate === 5) return answer.writeHead(503).end()
      const { message, alert, patient } = JSON.parse(Buffer.concat(chunks).toString('utf8'))
      const repeat = arrivals.some(({ controlId }) => controlId === message.id)
      arrivals.push({
        controlId: message.id,
        kind: message.kind,
        alertId: alert.id,
        patientId: patient.id,
        repeat,
      })
      if (fate === 7) return incoming.socket.destroy()
      answer.writeHead(200, { 'content-type': 'application/json' }).end('{}')
    })
  }).listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const { port } = server.address() as { port: number }
  const secretFile = join(dir, 'webhook-secret')
  await writeFile(secretFile, 's'.repeat(40), { mode: 0o600 })
  const url = `http://127.0.0.1:${port}/alerts`
  return {
    target: { ...patience, kind: 'webhook', url, secretFile, timeoutSeconds: 1 },
    arrivals: async () => arrivals,
    async stop() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** An intermediate table whose database ends the gateway's connections every now and then. */
export async function tableHospital(dir: string): Promise<Hospital> {
  const postgres = await startPostgres()
  const assets = new URL('../../../../assets/interfaces/table/critical_value.sql', import.meta.url)
  await postgres.query(readFileSync(fileURLToPath(assets), 'utf8'))
  await postgres.query(`create role vigil login password 'table-password'`)
  await postgres.query('grant select, insert on critical_value to vigil')
  const passwordFile = join(dir, 'table-password')
  await writeFile(passwordFile, 'table-password', { mode: 0o600 })
  const cut = setInterval(() => {
    postgres
      .query(`select pg_terminate_backend(pid) from pg_stat_activity where usename = 'vigil'`)
      .catch(() => {})
  }, 300)
  const known = new Set<string>()
  const told: Arrival[] = []
  return {
    target: {
      ...patience,
      kind: 'table',
      host: '127.0.0.1',
      port: postgres.port,
      database: 'postgres',
      user: 'vigil',
      passwordFile,
      timeoutSeconds: 2,
    },
    async arrivals() {
      const rows = await postgres.query<Omit<Arrival, 'repeat'>>(
        `select message_id as "controlId", message_kind as kind, alert_id as "alertId", patient_id as "patientId"
           from critical_value order by written_at`,
      )
      for (const row of rows)
        if (!known.has(row.controlId)) {
          known.add(row.controlId)
          told.push({ ...row, repeat: false })
        }
      return told
    },
    async stop() {
      clearInterval(cut)
      await postgres.stop()
    },
  }
}
