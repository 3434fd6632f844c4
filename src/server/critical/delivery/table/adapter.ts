import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import type { TableTarget } from '../../../config/index.ts'
import type { Attempt, DeliveryAdapter, Verdict } from '../adapter.ts'
import { codeMapping } from '../codes.ts'
import { messageFacts } from '../facts.ts'
import { readSecret, tlsOptions } from '../files.ts'
import { cap, hideSecrets } from '../http/raw-exchange.ts'
import { timeOf } from '../times.ts'
import { databaseVerdict } from './database-verdict.ts'
import { columnsOf, insertOf, repliesOf, type Statement, statusOf } from './statement.ts'

/** How often a row is looked at for the other side's acknowledgement. */
const lookMs = 250

/** An intermediate table in PostgreSQL. @throws Error naming the key or the file that is wrong */
export function createTableAdapter(target: TableTarget): DeliveryAdapter {
  const columns = columnsOf(target)
  const code = codeMapping(target.codes)
  const password = target.passwordFile ? readSecret(target.passwordFile) : ''
  const timeoutMs = target.timeoutSeconds * 1000
  const pool = new pg.Pool({
    host: target.host,
    port: target.port,
    database: target.database,
    user: target.user,
    password: password || undefined,
    ssl: target.tls ? tlsOptions(target.tls) : false,
    // One more than messages in flight, for a poll or a test beside them.
    max: target.connections + 1,
    connectionTimeoutMillis: timeoutMs,
    query_timeout: timeoutMs,
    statement_timeout: timeoutMs,
    application_name: 'vigil',
  })
  // A connection that breaks while idle is replaced by the next query.
  pool.on('error', () => {})

  /** What the other side wrote into the row; null where it did not in time. */
  async function acknowledged(question: Statement, signal: AbortSignal): Promise<Verdict> {
    const { success = [], refused = [] } = target.acknowledgement ?? {}
    for (const end = performance.now() + timeoutMs; ; await sleep(lookMs, undefined, { signal })) {
      const { rows } = await pool.query<{ status: string | null }>(question.text, question.values)
      const status = rows[0]?.status?.trim() ?? ''
      if (success.includes(status)) return { outcome: 'delivered' }
      if (refused.includes(status)) return { outcome: 'refused', error: 'status:refused' }
      if (performance.now() > end) return { outcome: 'retry', error: 'ack-timeout' }
    }
  }

  async function send(
    message: Parameters<DeliveryAdapter['send']>[0],
    signal: AbortSignal,
  ): Promise<Attempt> {
    const facts = messageFacts(message, code)
    const insert = insertOf(target, columns, facts)
    const column = target.acknowledgement?.column
    const question = column === undefined ? null : statusOf(target, column, columns, facts)
    const answers: string[] = []
    const exchange = () => ({
      request: cap(
        hideSecrets([insert, question].flatMap((one) => (one ? [shown(one)] : [])).join('\n\n'), [password]),
      ),
      response: answers.length > 0 ? answers.join('\n') : null,
    })
    try {
      const { rowCount } = await pool.query(insert.text, insert.values)
      answers.push(`INSERT 0 ${rowCount ?? 0}`)
      const verdict: Verdict = question ? await acknowledged(question, signal) : { outcome: 'delivered' }
      if (question) answers.push(verdict.outcome === 'delivered' ? 'acknowledged' : verdict.error)
      return { verdict, silent: false, exchange: exchange() }
    } catch (error) {
      const { verdict, silent, sqlState } = databaseVerdict(error)
      if (sqlState) answers.push(`ERROR ${sqlState}`)
      return { verdict, silent, exchange: exchange() }
    }
  }

  const adapter: DeliveryAdapter = { send, close: () => void pool.end().catch(() => {}) }
  const { poll } = target
  if (!poll) return adapter
  const question = repliesOf(poll)
  return {
    ...adapter,
    async poll(alertIds) {
      const { rows } = await pool
        .query<Record<string, unknown>>(question, [alertIds])
        .catch((error: unknown) => {
          const { verdict } = databaseVerdict(error)
          throw new Error(verdict.outcome === 'delivered' ? 'database' : verdict.error)
        })
      return rows.map(candidateOf)
    },
  }
}

/** The candidate of an answer in a row. */
function candidateOf({ byId, byName, role, at, readBack, ...row }: Record<string, unknown>): unknown {
  return {
    ...row,
    measure: row.measure ?? '',
    opinion: row.opinion ?? '',
    by: { id: byId, name: byName, role },
    readBack: readBack === true || readBack === 1 || readBack === '1' || readBack === 'true',
    at: timeOf(String(at)),
  }
}

function shown({ text, values }: Statement): string {
  return `${text}\n-- ${JSON.stringify(values)}`
}
