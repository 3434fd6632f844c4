import { createHmac } from 'node:crypto'
import { request } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Arrival } from './hospitals.ts'

/** An answer that a clinician gave; `accepted` once the gateway said so. */
export interface Answer {
  alertId: string
  step: 'received' | 'handled'
  /** Theirs alone: it tells the answer among an alert's events. */
  by: string
  at: number
  accepted: boolean
}

/** The clinicians of the hospital: they answer what arrives, over HTTP, again and again until the gateway says it has it. */
export interface Clinic {
  readonly answers: readonly Answer[]
  /** Statuses that no gateway that works gives. */
  readonly refusals: readonly string[]
  /** True once everything that had arrived by `arrivals` has been looked at, and every answer was accepted. */
  idle(arrivals: number): boolean
  stop(): Promise<void>
}

/** Of each three alerts one is acknowledged, of each six one is handled; every other answer is sent twice. */
export function openClinic(deps: {
  port: number
  secret: string
  arrivals: () => Promise<readonly Arrival[]>
}): Clinic {
  const answers: Answer[] = []
  const refusals: string[] = []
  let seen = 0
  let notices = 0
  let stopped = false
  const working = work()

  async function work(): Promise<void> {
    for (; !stopped; await sleep(20)) {
      const all = await deps.arrivals()
      for (const { kind, repeat, alertId } of all.slice(seen)) {
        if (kind !== 'notice' || repeat) continue
        notices += 1
        if (notices % 3 === 0) answers.push(answerTo(alertId, 'received'))
        if (notices % 6 === 0) answers.push(answerTo(alertId, 'handled'))
      }
      seen = all.length
      for (const answer of answers) if (!answer.accepted && !stopped) await give(answer)
    }
  }

  function answerTo(alertId: string, step: Answer['step']): Answer {
    return { alertId, step, by: `N${answers.length}`, at: Date.now(), accepted: false }
  }

  async function give(answer: Answer): Promise<void> {
    const times = answers.indexOf(answer) % 2 === 0 ? 1 : 2
    for (let time = 0; time < times; time++) {
      // Nobody listens while the gateway is dead, and an answer's answer may be lost with it.
      const status = await post(deps, answer).catch(() => null)
      if (status === 200) answer.accepted = true
      else if (status !== null && status !== 503) refusals.push(`${answer.alertId} ${answer.step} ${status}`)
    }
  }

  return {
    answers,
    refusals,
    idle: (arrivals) => seen >= arrivals && answers.every(({ accepted }) => accepted),
    async stop() {
      stopped = true
      await working
    },
  }
}

function post({ port, secret }: { port: number; secret: string }, answer: Answer): Promise<number> {
  const { alertId, step, by, at } = answer
  const body = JSON.stringify({
    id: `R-${by}`,
    alertId,
    step,
    by: { id: by, name: '王护士', role: 'nurse' },
    readBack: true,
    at,
  })
  const seconds = Math.floor(Date.now() / 1000)
  const mac = createHmac('sha256', secret).update(`${seconds}.${body}`).digest('hex')
  const headers = { 'content-type': 'application/json', 'x-vigil-signature': `t=${seconds},v1=${mac}` }
  return new Promise((resolve, reject) => {
    const to = { host: '127.0.0.1', port, path: '/replies', method: 'POST', headers, agent: false }
    const call = request(to, (response) => {
      response.resume()
      response.on('end', () => resolve(response.statusCode ?? 0))
      response.on('error', reject)
    })
    call.setTimeout(10_000, () => call.destroy(new Error('no answer')))
    call.on('error', reject)
    call.end(body)
  })
}
