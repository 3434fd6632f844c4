import { ensureRendererBuilt } from '../../scripts/build-renderer.ts'
import { startBenchGateway } from './bench-gateway.ts'
import { slices } from './ct-studies.ts'
import { type OpeningOptions, opening } from './opening.ts'
import type { BenchPacs } from './pacs.ts'
import { type BenchRow, rowOf, type Samples } from './row.ts'
import { backToWorklist, signedInWindow } from './signed-in-window.ts'
import { straightPage } from './straight-page.ts'

const peerName = 'same viewer, same browser, straight on Orthanc over plain HTTP (one origin by nginx)'

/**
 * From the click on a study to its first image, and to the whole series, in the real window of a signed-in workstation; against
 * the same viewer code without workstation, gateway and TLS. Each study is opened twice at both: nobody has opened it the
 * first time. A third time the wheel turns while it loads, and a fourth time its three planes are asked for at the first image.
 */
export async function benchFirstImage(pacs: BenchPacs): Promise<BenchRow[]> {
  const closers: (() => Promise<unknown>)[] = []
  try {
    await ensureRendererBuilt()
    const gateway = await startBenchGateway(pacs.orthanc.dicomwebUrl)
    closers.push(gateway.close)
    const window = await signedInWindow(gateway)
    closers.push(window.close)
    const { study: warmUp } = pacs.studies[0]!
    // The first opening of all loads code and compiles shaders at either; it is not measured, and tells the viewer's size.
    await opening(window.page, row(warmUp), 'dblclick')
    const box = await window.page.locator('.vigil-viewer').boundingBox()
    if (!box) throw new Error('the viewer has no size')
    await backToWorklist(window.page)
    const straight = await straightPage(pacs, box)
    closers.push(straight.close)
    await opening(straight.page, button(warmUp), 'click')
    await straight.page.getByTestId('back').click()

    const ours = async (study: string, options: OpeningOptions = {}) => {
      const measured = await opening(window.page, row(study), 'dblclick', options)
      await backToWorklist(window.page)
      return measured
    }
    const peer = async (study: string, options: OpeningOptions = {}) => {
      const measured = await opening(straight.page, button(study), 'click', options)
      await straight.page.getByTestId('back').click()
      return measured
    }
    const scrolled = { perSecond: samples(), longest: samples() }
    const planes = samples()
    const first = { shown: samples(), loaded: samples() }
    const again = { shown: samples(), loaded: samples() }
    for (const [index, { study }] of pacs.studies.slice(1).entries()) {
      await pacs.warm(pacs.studies[index + 1]!)
      for (const into of [first, again]) {
        const turns = [
          { who: 'ours', run: ours },
          { who: 'peer', run: peer },
        ] as const
        for (const { who, run } of index % 2 === 0 ? turns : turns.toReversed()) {
          const measured = await run(study)
          into.shown[who].push(measured.first)
          into.loaded[who].push(measured.all)
        }
      }
      const turning = {
        ours: await ours(study, { scroll: true }),
        peer: await peer(study, { scroll: true }),
      }
      for (const who of ['ours', 'peer'] as const) {
        scrolled.perSecond[who].push(turning[who].perSecond)
        scrolled.longest[who].push(turning[who].longest)
      }
      planes.ours.push((await ours(study, { until: 'planes' })).all)
      planes.peer.push((await peer(study, { until: 'planes' })).all)
    }
    const line = (name: string, target: string, from: Samples) =>
      rowOf({ name, unit: 'ms', better: 'lower', peerName, target }, from)
    return [
      line('click to first image, study not opened before', 'ratio <= 1', first.shown),
      line('click to first image, study opened before', 'ratio <= 1', again.shown),
      line(`click to ${slices} slices loaded, study not opened before`, 'ratio <= 1.11', first.loaded),
      line(`click to ${slices} slices loaded, study opened before`, 'ratio <= 0.5', again.loaded),
      rowOf(
        {
          name: 'screen frames while scrolling and loading',
          unit: 'frames/s',
          better: 'higher',
          peerName,
          target: 'ratio >= 1',
        },
        scrolled.perSecond,
      ),
      line('longest stand-still while scrolling and loading', 'none stated', scrolled.longest),
      line(`click to three planes of ${slices} slices (MPR), study opened before`, 'ratio <= 1', planes),
    ]
  } finally {
    for (const close of closers.reverse()) await close()
  }
}

const samples = (): Samples => ({ ours: [], peer: [] })
const row = (study: string) => `[data-testid=worklist-row][data-study="${study}"]`
const button = (study: string) => `button[data-study="${study}"]`
