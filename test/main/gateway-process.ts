import { startGateway } from '../server/gateway-harness.ts'
import { keyFile, ticketOf } from './desk.ts'

/** A gateway in a process of its own, so that a test may stop it in its tracks. Says on standard output what a desk needs. */

const reports = new Map<string, number>()
const handlers = {
  report: async () => ({ status: 'draft', draft: null, lockedBy: null, submission: null, versions: [] }),
  saveDraft: async ({ params, body }: { params: { study: string }; body: { baseRevision: number } }) => {
    reports.set(params.study, body.baseRevision + 1)
    return { revision: body.baseRevision + 1, savedAt: Date.now() }
  },
}
const gateway = await startGateway({ tuning: { keepAliveMs: 200, handlers: handlers as never } })
const person = await gateway.person('zhang')
const key = keyFile(person).toString('base64')
console.log(JSON.stringify({ ticket: await ticketOf(gateway), key }))
process.once('SIGTERM', () => void gateway.close().then(() => process.exit(0)))
