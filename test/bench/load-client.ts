import { Agent, type RequestOptions, request } from 'node:https'

/**
 * A process of its own that asks a server for paths over N kept-alive mutual-TLS connections and tells how long each took; so
 * that the measuring process's own work (and garbage) is not in the figures. Speaks over the IPC channel of `fork`.
 */

export interface LoadJob {
  port: number
  tls: { ca: string; cert: string; key: string }
  headers: Record<string, string>
  /** Asked for once on each connection before the clock starts. */
  readyPath: string
  paths: string[]
  connections: number
  /** A shorter answer is an error. */
  leastBytes: number
}

export interface LoadResult {
  seconds: number
  /** Of each request, to the last byte, ms. */
  latencies: number[]
}

process.on('message', (job: LoadJob) => {
  run(job).then(
    (result) => process.send?.({ result }),
    (error: unknown) => process.send?.({ error: String(error) }),
  )
})

async function run(job: LoadJob): Promise<LoadResult> {
  const agents = Array.from({ length: job.connections }, () => new Agent({ keepAlive: true, maxSockets: 1 }))
  try {
    await Promise.all(agents.map((agent) => get(job, agent, job.readyPath)))
    const latencies: number[] = []
    let next = 0
    const worker = async (agent: Agent) => {
      for (let path = job.paths[next++]; path !== undefined; path = job.paths[next++]) {
        const began = performance.now()
        const { status, bytes } = await get(job, agent, path)
        latencies.push(performance.now() - began)
        if (status !== 200 || bytes < job.leastBytes) throw new Error(`HTTP ${status}, ${bytes} bytes`)
      }
    }
    const began = performance.now()
    await Promise.all(agents.map(worker))
    return { seconds: (performance.now() - began) / 1000, latencies }
  } finally {
    for (const agent of agents) agent.destroy()
  }
}

function get(job: LoadJob, agent: Agent, path: string): Promise<{ status: number; bytes: number }> {
  const options: RequestOptions = {
    host: '127.0.0.1',
    port: job.port,
    path,
    agent,
    headers: job.headers,
    minVersion: 'TLSv1.3',
    ...job.tls,
  }
  return new Promise((resolve, reject) => {
    const outgoing = request(options, (answer) => {
      let bytes = 0
      answer.on('data', (chunk: Buffer) => {
        bytes += chunk.length
      })
      answer.on('error', reject)
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, bytes }))
    })
    outgoing.on('error', reject)
    outgoing.end()
  })
}
