import { randomBytes } from 'node:crypto'
import { beforeEach, describe, expect, it } from 'vitest'
import {
  createDraftCipher,
  createDrafts,
  type DraftFiles,
  type Drafts,
  openDraftFiles,
} from '../../../src/main/drafts/index.ts'
import {
  openReport,
  prepareSignOff,
  rejectReport,
  releaseReview,
  submitReport,
} from '../../../src/main/reports/index.ts'
import type { SignedIn } from '../../../src/main/session/index.ts'
import { api, type Route } from '../../../src/shared/api/index.ts'
import { VigilError } from '../../../src/shared/errors/index.ts'
import type { KeyImage, ReportDraft, ReportText } from '../../../src/shared/report/index.ts'
import { temporary } from '../temporary.ts'

/** The way through review from the workstation's side: what is typed last goes along, and nothing comes back from the disk. */

const study = '1.2.3'
const text = (findings: string): ReportText => ({ findings, impression: '' })
const image: KeyImage = {
  id: 'a'.repeat(64),
  series: '1.2',
  instance: '1.3',
  frame: 1,
  caption: '',
  width: 4,
  height: 4,
}

/** A gateway with one draft, which answers as the real one does; an act may be lost before or after it was done. */
interface Gateway {
  draft: ReportDraft | null
  reachable: boolean
  /** The next answer of this route is lost on the way. */
  lose: Route | null
  asked: Route[]
  bodies: { text?: ReportText; keyImages?: KeyImage[] }[]
}
let gateway: Gateway
let files: DraftFiles
let drafts: Drafts
const signedIn = {
  get drafts() {
    return drafts
  },
  channel: { gatewayId: 'g1', session: { accountId: 'sun' } },
  prepared: new Map(),
  async call(
    route: Route,
    { body }: { body?: { text?: ReportText; baseRevision?: number; keyImages?: KeyImage[] } } = {},
  ) {
    if (!gateway.reachable) throw new VigilError('gateway-unreachable')
    gateway.asked.push(route)
    if (body) gateway.bodies.push(body)
    const answer = answered(route, body)
    if (gateway.lose !== route) return answer
    gateway.lose = null
    throw new VigilError('gateway-unreachable')
  },
} as unknown as SignedIn

function answered(
  route: Route,
  body?: { text?: ReportText; baseRevision?: number; keyImages?: KeyImage[] },
): unknown {
  const { draft } = gateway
  const stands = (stage: ReportDraft['stage'], its?: Partial<ReportDraft>) => {
    const before = draft ?? { text: text(''), revision: 0, savedAt: 0, stage, keyImages: [] }
    gateway.draft = { ...before, ...its, stage, revision: before.revision + 1, savedAt: Date.now() }
    return gateway.draft
  }
  if (route === api.report)
    return { status: draft?.stage ?? 'none', draft, lockedBy: null, submission: null, versions: [] }
  if (route === api.saveDraft && body?.text) {
    if (draft?.stage === 'submitted' && draft.text.findings === body.text.findings) return draft
    if (draft?.stage === 'submitted') throw new VigilError('report-under-review')
    if ((draft?.revision ?? 0) !== body.baseRevision) throw new VigilError('report-changed')
    return stands(draft?.stage ?? 'writing', {
      text: body.text,
      ...(body.keyImages ? { keyImages: body.keyImages } : {}),
    })
  }
  if (route === api.submitReport && body?.text) {
    const again = draft?.stage === 'submitted' && draft.revision === (body.baseRevision ?? 0) + 1
    if (!again && (draft?.revision ?? 0) !== body.baseRevision) throw new VigilError('report-changed')
    if (!again) stands('submitted', { text: body.text })
    return { suspected: 2 }
  }
  if (route === api.recallReport) return stands('writing')
  if (route === api.releaseReview || route === api.rejectReport) {
    gateway.draft = null
    return {}
  }
  return {}
}

/** The workstation after a start, or after kill -9: what is on the disk is there, and nothing else. */
function restart(): void {
  drafts = createDrafts({
    accountId: 'sun',
    files,
    clock: Date.now,
    steady: () => performance.now(),
    timing: { writeEveryMs: 1, debounceMs: 5_000, ceilingMs: 20_000, retryMs: 5_000 },
    passes: (error) => error instanceof VigilError && error.code === 'gateway-unreachable',
    onEvent: () => {},
    saveOnGateway: (_study, written, baseRevision) =>
      signedIn.call(api.saveDraft, {
        params: { study },
        body: { ...written, baseRevision },
      } as never) as never,
  })
}

beforeEach(async () => {
  files = await openDraftFiles(temporary('review'), 'sun', createDraftCipher(randomBytes(32), randomBytes))
  gateway = { draft: null, reachable: true, lose: null, asked: [], bodies: [] }
  restart()
  await openReport(signedIn, study)
})

describe('handing a report in', () => {
  it('takes what was typed last and its key images along, and leaves nothing here', async () => {
    await drafts.save(study, text('右肺'), undefined, [image])
    expect(await submitReport(signedIn, { study, text: text('右肺结节') })).toEqual({ suspected: 2 })
    expect(gateway.draft).toMatchObject({ stage: 'submitted', text: text('右肺结节'), keyImages: [image] })
    expect(await files.read(study)).toBeNull()
    expect(drafts.textOf(study)).toBeNull()
    expect(await openReport(signedIn, study)).toMatchObject({
      status: 'submitted',
      stage: 'submitted',
      recovered: false,
      text: text('右肺结节'),
      keyImages: [image],
    })
  })

  it('that the gateway cannot take leaves everything here', async () => {
    await drafts.save(study, text('右肺'))
    gateway.reachable = false
    await expect(submitReport(signedIn, { study, text: text('右肺结节') })).rejects.toMatchObject({
      code: 'gateway-unreachable',
    })
    restart()
    gateway.reachable = true
    expect(await openReport(signedIn, study)).toMatchObject({ recovered: true, text: text('右肺结节') })
  })

  it.each([
    ['the save', api.saveDraft],
    ['the submission', api.submitReport],
  ] as const)('whose answer to %s is lost is done once, when asked again', async (_name, route) => {
    await drafts.save(study, text('右肺'))
    gateway.lose = route
    await expect(submitReport(signedIn, { study, text: text('右肺结节') })).rejects.toThrow(
      'gateway-unreachable',
    )
    if (route === api.saveDraft) {
      // The answer that was lost told of a revision: opening the report again finds it.
      await openReport(signedIn, study)
    }
    expect(await submitReport(signedIn, { study, text: text('右肺结节') })).toEqual({ suspected: 2 })
    expect(gateway.draft).toMatchObject({ stage: 'submitted', text: text('右肺结节') })
    expect(await files.read(study)).toBeNull()
  })

  it('is not undone by what a workstation that was killed meanwhile still has', async () => {
    await drafts.save(study, text('右肺结节'))
    const killedAt = await files.read(study)
    expect(killedAt).toMatchObject({ synced: false })
    await submitReport(signedIn, { study, text: text('右肺结节') })
    // Killed after the gateway had it, before the file was gone.
    await files.write(killedAt!)
    restart()
    await drafts.resume()
    await expect.poll(async () => (await files.read(study))?.synced).toBe(true)
    expect(gateway.draft).toMatchObject({ stage: 'submitted', revision: 2 })
    expect(await openReport(signedIn, study)).toMatchObject({ stage: 'submitted', recovered: false })
  })

  it('is not undone by a later text of another workstation either: it is kept aside', async () => {
    await submitReport(signedIn, { study, text: text('右肺结节') })
    await files.write({
      accountId: 'sun',
      study,
      text: text('左肺结节'),
      savedAt: Date.now() + 60_000,
      baseRevision: 1,
      synced: false,
    })
    restart()
    expect(await openReport(signedIn, study)).toMatchObject({
      stage: 'submitted',
      recovered: false,
      text: text('右肺结节'),
    })
    expect(await files.read(study)).toBeNull()
  })

  it('may be taken back, and goes on from what was handed in', async () => {
    await drafts.save(study, text('右肺'))
    const early = await files.read(study)
    await submitReport(signedIn, { study, text: text('右肺结节') })
    await signedIn.call(api.recallReport, { params: { study } })
    await files.write(early!)
    restart()
    expect(await openReport(signedIn, study)).toMatchObject({
      status: 'draft',
      stage: 'writing',
      recovered: false,
      text: text('右肺结节'),
    })
    await drafts.save(study, text('右肺结节，8 mm'))
    await drafts.settle(study, text('右肺结节，8 mm'))
    expect(gateway.draft).toMatchObject({ text: text('右肺结节，8 mm') })
  })
})

describe('a review', () => {
  beforeEach(async () => {
    gateway.draft = {
      text: text('右肺结节'),
      revision: 3,
      savedAt: 1,
      stage: 'reviewing',
      keyImages: [image],
    }
    await openReport(signedIn, study)
  })

  it('is given back with the text as it stands, which is then the author’s alone', async () => {
    const seen: (ReportDraft | null)[] = []
    const call = signedIn.call.bind(signedIn)
    const watched = {
      ...signedIn,
      drafts,
      call: ((route: Route, input: never) => {
        if (route === api.rejectReport) seen.push(gateway.draft)
        return call(route as never, input)
      }) as never,
    } as SignedIn
    await rejectReport(watched, { study, text: text('右肺上叶结节'), comment: '请补充大小' })
    expect(seen).toMatchObject([{ text: text('右肺上叶结节'), keyImages: [image], revision: 4 }])
    expect(await files.read(study)).toBeNull()
    await drafts.resume()
    expect(gateway.draft).toBeNull()
  })

  it('is not given back where its last text did not arrive', async () => {
    gateway.reachable = false
    await expect(
      rejectReport(signedIn, { study, text: text('右肺上叶结节'), comment: '请补充大小' }),
    ).rejects.toMatchObject({ code: 'gateway-unreachable' })
    expect(gateway.asked).not.toContain(api.rejectReport)
    expect(await files.read(study)).toMatchObject({ text: text('右肺上叶结节') })
  })

  it('that is let go sends nothing any more', async () => {
    await drafts.save(study, text('右肺上叶结节'))
    await releaseReview(signedIn, study)
    expect(gateway.asked.at(-1)).toBe(api.releaseReview)
    expect(gateway.asked).not.toContain(api.saveDraft)
    expect(await files.read(study)).toBeNull()
  })
})

it('the key images of the draft are prepared with it, and others than were sent are refused', async () => {
  await drafts.save(study, text('右肺结节'), undefined, [image])
  // The gateway of this test prepares nothing.
  await expect(prepareSignOff(signedIn, { study, text: text('右肺结节') })).rejects.toThrow()
  expect(gateway.bodies.at(-1)?.keyImages).toEqual([image])
})
