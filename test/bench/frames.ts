import { api, fillPath } from '../../src/shared/api/index.ts'
import { startBenchGateway } from './bench-gateway.ts'
import { frameBytes } from './ct-studies.ts'
import { startLoadClient } from './load.ts'
import { startMutualTlsNginx } from './nginx.ts'
import type { BenchPacs } from './pacs.ts'
import { type BenchRow, p99, rowOf, type Samples } from './row.ts'

const levels = [1, 16, 64]
const rounds = 3
const framesEach = 120
const asStored = 'multipart/related; type="application/octet-stream"; transfer-syntax=*'
const peerName = 'nginx with mutual TLS before the same Orthanc'

interface Measured {
  perSecond: Samples
  latency: Samples
}
const nothing = (): Measured => ({ perSecond: { ours: [], peer: [] }, latency: { ours: [], peer: [] } })

/**
 * Frames of a CT series through the gateway (a session's certificate, every check of the product) and through nginx, before the
 * same Orthanc. `first`: frames that the gateway has not seen since its start; `again`: all of them a second time.
 */
export async function benchFrames(pacs: BenchPacs): Promise<BenchRow[]> {
  const first = new Map(levels.map((level) => [level, nothing()]))
  const again = new Map(levels.map((level) => [level, nothing()]))
  const nginx = await startMutualTlsNginx(pacs.orthanc.url)
  const gateway = await startBenchGateway(pacs.orthanc.dicomwebUrl)
  const client = startLoadClient()
  try {
    for (let round = 0; round < rounds; round += 1) {
      // What the gateway kept of the round before goes with its process.
      if (round > 0) await gateway.restart()
      const session = await gateway.session()
      const tls = { ca: gateway.gatewayCa, cert: session.certificate, key: session.privateKey }
      const passes = (index: number, connections: number) => {
        const { study, series, instances: all } = pacs.studies[index]!
        const instances = all.slice(0, framesEach)
        const common = { connections, leastBytes: frameBytes }
        return {
          /** Who asks for a frame has read which frames there are, once, over one connection. */
          readStudy: () =>
            client.run({
              connections: 1,
              leastBytes: 1,
              port: gateway.hospital.apiPort,
              tls,
              headers: { accept: 'application/json' },
              readyPath: api.session.path,
              paths: [fillPath(api.seriesMetadata.path, { study, series })],
            }),
          gateway: () =>
            client.run({
              ...common,
              port: gateway.hospital.apiPort,
              tls,
              headers: { accept: 'application/octet-stream' },
              readyPath: api.session.path,
              paths: instances.map((instance) =>
                fillPath(api.frame.path, { study, series, instance, frame: 1 }),
              ),
            }),
          nginx: () =>
            client.run({
              ...common,
              port: nginx.port,
              tls: nginx.client,
              headers: { accept: asStored },
              readyPath: '/ready',
              paths: instances.map(
                (instance) => `/dicom-web/studies/${study}/series/${series}/instances/${instance}/frames/1`,
              ),
            }),
        }
      }
      // A gateway runs for weeks: the first requests of a new process (code not compiled yet) are at neither measured.
      const warmUp = passes(levels.length, 8)
      await pacs.warm(pacs.studies[levels.length]!)
      for (const run of [warmUp.readStudy, warmUp.gateway, warmUp.nginx]) await run()
      for (const [index, level] of levels.entries()) {
        await pacs.warm(pacs.studies[index]!)
        const pass = passes(index, level)
        await pass.readStudy()
        const turns = [
          { into: first.get(level)!, who: 'ours' as const, run: pass.gateway },
          { into: first.get(level)!, who: 'peer' as const, run: pass.nginx },
          { into: again.get(level)!, who: 'ours' as const, run: pass.gateway },
          { into: again.get(level)!, who: 'peer' as const, run: pass.nginx },
        ]
        // Who goes first changes from round to round.
        if (round % 2 === 1) turns.unshift(...turns.splice(1, 1))
        for (const { into, who, run } of turns) {
          const { seconds, latencies } = await run()
          into.perSecond[who].push(latencies.length / seconds)
          into.latency[who].push(...latencies)
        }
      }
    }
  } finally {
    client.close()
    await gateway.close()
    await nginx.stop()
  }
  return levels.flatMap((level) => {
    const at = `${level} connection${level === 1 ? '' : 's'}`
    return [
      rowOf(
        {
          name: `frames through the gateway, not seen before, ${at}`,
          unit: 'frames/s',
          better: 'higher',
          peerName,
          target: 'ratio >= 0.9',
        },
        first.get(level)!.perSecond,
      ),
      rowOf(
        {
          name: `frames through the gateway, seen before, ${at}`,
          unit: 'frames/s',
          better: 'higher',
          peerName,
          target: 'ratio >= 1',
        },
        again.get(level)!.perSecond,
      ),
      rowOf(
        {
          name: `frame p99 latency, not seen before, ${at}`,
          unit: 'ms',
          better: 'lower',
          peerName,
          target: 'ratio <= 1',
        },
        first.get(level)!.latency,
        p99,
      ),
      rowOf(
        {
          name: `frame p99 latency, seen before, ${at}`,
          unit: 'ms',
          better: 'lower',
          peerName,
          target: 'ratio <= 1',
        },
        again.get(level)!.latency,
        p99,
      ),
    ]
  })
}
