import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import type { Page } from 'playwright-core'
import { ensureRendererBuilt } from '../../scripts/build-renderer.ts'
import { startBenchGateway } from './bench-gateway.ts'
import { opening } from './opening.ts'
import type { BenchPacs } from './pacs.ts'
import { type BenchRow, median, rowOf } from './row.ts'
import { backToWorklist, signedInWindow } from './signed-in-window.ts'

const edge = 20

/** What the parts of the product hold, in MiB. */
interface Held {
  heap: number
  window: number
  gateway: number
}

/**
 * Studies opened one after another in the real window, each until its first image and a second longer, as somebody does who leafs
 * through the list. The first `edge` openings (after as many to warm up) against the last: time to the first image, and memory.
 */
export async function benchSoak(pacs: BenchPacs, openings: number): Promise<BenchRow[]> {
  await ensureRendererBuilt()
  const gateway = await startBenchGateway(pacs.orthanc.dicomwebUrl)
  const window = await signedInWindow(gateway)
  try {
    const { page } = window
    const times: number[] = []
    const held: Held[] = []
    for (let i = 0; i < openings + edge; i += 1) {
      const { study } = pacs.studies[i % pacs.studies.length]!
      const selector = `[data-testid=worklist-row][data-study="${study}"]`
      const { first } = await opening(page, selector, 'dblclick', { until: 'first' })
      await page.waitForTimeout(1000)
      await backToWorklist(page)
      if (i < edge) continue
      times.push(first)
      held.push({
        heap: await heapOf(page),
        window: residentOf(childrenOf(window.process.process.pid ?? 0)),
        gateway: residentOf(gateway.pids()),
      })
    }
    const early = <T>(values: T[]) => values.slice(0, edge)
    const late = <T>(values: T[]) => values.slice(-edge)
    const against = (name: string, unit: string, target: string, values: number[]): BenchRow =>
      rowOf(
        { name, unit, better: 'lower', peerName: `the first ${edge} of them`, target },
        { ours: late(values), peer: early(values) },
        median,
      )
    const of = (part: keyof Held) => held.map((one) => one[part])
    return [
      against(`first image, last ${edge} of ${openings} studies`, 'ms', 'ratio <= 1.2', times),
      against(`JavaScript heap, last ${edge} of ${openings} studies`, 'MiB', 'ratio <= 1.25', of('heap')),
      against(`window processes, last ${edge} of ${openings} studies`, 'MiB', 'ratio <= 1.25', of('window')),
      against(`gateway process, last ${edge} of ${openings} studies`, 'MiB', 'ratio <= 1.5', of('gateway')),
    ]
  } finally {
    await window.close()
    await gateway.close()
  }
}

/** After a collection: what is really held. */
async function heapOf(page: Page): Promise<number> {
  const session = await page.context().newCDPSession(page)
  try {
    await session.send('HeapProfiler.collectGarbage')
    const { usedSize } = await session.send('Runtime.getHeapUsage')
    return usedSize / 2 ** 20
  } finally {
    await session.detach()
  }
}

/** A process and all below it. */
function childrenOf(pid: number): number[] {
  const lines = execFileSync('ps', ['-e', '-o', 'pid=,ppid='], { encoding: 'utf8' }).trim().split('\n')
  const parents = lines.map((line) => line.trim().split(/\s+/).map(Number) as [number, number])
  const found = [pid]
  for (const one of found) for (const [child, parent] of parents) if (parent === one) found.push(child)
  return found
}

/** Proportional set size, so that pages shared between processes count once. */
function residentOf(pids: number[]): number {
  const kibibytes = pids.map((pid) => {
    try {
      return Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1] ?? 0)
    } catch {
      return 0
    }
  })
  return kibibytes.reduce((sum, one) => sum + one, 0) / 1024
}
