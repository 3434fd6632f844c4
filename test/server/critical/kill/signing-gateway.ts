/**
 * A gateway's sign-off, delivery and loop in a process of its own, for killing. Says `loaded`, and waits for one line: a
 * `Round` as JSON. Then it says `ready`, and works as fast as it can until it dies: reports of four patients with one alert
 * each, some of which are taken back, amended by a finding, or corrected away. Says `signed`, `withdrawn` or `amended` with an
 * alert's id once that has been answered.
 */
import { once } from 'node:events'
import { flushCompileCache } from 'node:module'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { needsDecision } from '../../../../src/shared/critical/index.ts'
import { VigilError } from '../../../../src/shared/errors/index.ts'
import type { Amendment, FindingDecision, ReportDocument } from '../../../../src/shared/report/index.ts'
import { alertFor, aStudy, openReadingRoom } from '../../reports/reading-room.ts'
import { dictionary, type Round } from './rules.ts'

const say = (...words: string[]) => process.stdout.write(`${words.join(' ')}\n`)

say('loaded')
// It will not end in a way that leaves the next one anything.
flushCompileCache()
const [line] = await once(createInterface({ input: process.stdin }), 'line')
const { dir, masterKey, config, first }: Round = JSON.parse(line)
const room = await openReadingRoom(config, { dictionary, dir, masterKey: Buffer.from(masterKey, 'hex') })
Object.defineProperty(room.time, 'now', { get: Date.now })
await room.critical.start()
say('ready')

for (let i = first; ; i++) {
  const uid = `1.2.${i}`
  const text = { findings: '张力性气胸。', impression: '' }
  // Every third is red: nobody answers it as soon as that.
  const level = i % 3 === 1 ? 'red' : 'yellow'
  room.studies.set(uid, aStudy(uid, { patientId: `P${i % 4}`, accessionNumber: `A${i}` }))
  const { document, findings, earlier } = await room.prepare('li', uid, text)
  const decisions = findings.filter(needsDecision).map((f) => ({ ...alertFor(f, earlier), level }) as const)
  const { alerts } = await room.submit('li', uid, { ...document, decisions })
  for (const { id } of alerts) {
    say('signed', id)
    if (i % 4 === 3) await unlessAnswered(() => withdraw(id), 'withdrawn', id)
    else if (i % 5 === 2)
      await unlessAnswered(() => amend(uid, '复查未见气胸。', 'correction'), 'withdrawn', id)
    else if (i % 5 === 4)
      await unlessAnswered(() => amend(uid, `${text.findings}主动脉夹层。`, 'addendum'), 'amended', id)
  }
  await sleep(10)
}

async function withdraw(alert: string): Promise<void> {
  const body = { reason: '误报' }
  await room.handlers.withdrawAlert(room.request('li', { params: { alert }, query: undefined, body }))
}

/** A second version: what it has is raised (again), what it has no longer is taken back. */
async function amend(uid: string, findings: string, kind: Amendment['kind']): Promise<void> {
  const prepared = await room.prepare('wang', uid, { findings, impression: '' }, { kind, reason: '复阅' })
  const decisions: FindingDecision[] = prepared.findings
    .filter(needsDecision)
    .map((finding) => ({ ...alertFor(finding, prepared.earlier), level: 'yellow' as const }))
  const standing: ReportDocument['standing'] = prepared.standing.map(({ id }) => ({
    alertId: id,
    action: 'withdraw',
    reason: '复阅无气胸',
  }))
  await room.submit('wang', uid, { ...prepared.document, decisions, standing })
}

/** A clinician may have acted on it in between: it can then not be taken back any more. */
async function unlessAnswered(work: () => Promise<void>, ...done: string[]): Promise<void> {
  try {
    await work()
    say(...done)
  } catch (error) {
    const codes = ['alert-handled', 'alert-not-open', 'report-changed', 'findings-changed']
    if (!(error instanceof VigilError && codes.includes(error.code))) throw error
    say('overtaken', error.code)
  }
}
