import { randomBytes } from 'node:crypto'
import { beforeEach, describe, expect, it } from 'vitest'
import {
  createDraftCipher,
  createDrafts,
  type DraftFiles,
  type Drafts,
  openDraftFiles,
} from '../../../src/main/drafts/index.ts'
import { discardDraft, openReport } from '../../../src/main/reports/index.ts'
import type { SignedIn } from '../../../src/main/session/index.ts'
import { api, type Route } from '../../../src/shared/api/index.ts'
import type { DraftAmendment, ReportDraft, ReportText } from '../../../src/shared/report/index.ts'
import { temporary } from '../temporary.ts'

const study = '1.2.3'
const text = (findings: string): ReportText => ({ findings, impression: '' })
const amendment: DraftAmendment = { kind: 'correction', reason: '漏诊' }

let files: DraftFiles
let drafts: Drafts
let saved: { text: ReportText; amendment?: DraftAmendment | undefined }[]
let gateway: { status: string; draft: ReportDraft | null; lockedBy: object | null; versions: object[] }
let asked: Route[]
const signedIn = {
  get drafts() {
    return drafts
  },
  async call(route: Route) {
    asked.push(route)
    return route === api.report ? gateway : {}
  },
} as unknown as SignedIn

/** The workstation after a start: what is on the disk is there. */
function restart(): void {
  drafts = createDrafts({
    accountId: 'li',
    files,
    clock: Date.now,
    steady: () => performance.now(),
    timing: { writeEveryMs: 1, debounceMs: 5, ceilingMs: 20, retryMs: 5_000 },
    passes: () => true,
    onEvent: () => {},
    async saveOnGateway(_study, { text: its, amendment: amends }, baseRevision) {
      if (baseRevision !== saved.length) throw new Error('revision')
      saved.push({ text: its, amendment: amends })
      return { revision: saved.length }
    },
  })
}

beforeEach(async () => {
  const cipher = createDraftCipher(randomBytes(32), randomBytes)
  files = await openDraftFiles(temporary('open-report'), 'li', cipher)
  saved = []
  asked = []
  gateway = {
    status: 'signed',
    draft: null,
    lockedBy: null,
    versions: [{ document: { version: 1, text: text('双肺清晰。'), amendment: null }, signedAt: 1_000 }],
  }
  restart()
})
const local = (findings: string, facts: object = {}) =>
  files.write({
    accountId: 'li',
    study,
    text: text(findings),
    savedAt: Date.now(),
    baseRevision: 0,
    synced: false,
    ...facts,
  })

describe('a signed report', () => {
  it('opens as signed, and a local draft of the very text is gone: its answer was lost', async () => {
    await local('双肺清晰。', { baseRevision: 3 })
    expect(await openReport(signedIn, study)).toMatchObject({
      status: 'signed',
      text: text('双肺清晰。'),
      recovered: false,
    })
    expect(await files.read(study)).toBeNull()
    expect(drafts.textOf(study)).toBeNull()
  })

  it('is not amended by what was written before it was signed, however late that is found', async () => {
    await local('双肺纹理增粗。')
    expect(await openReport(signedIn, study)).toMatchObject({ status: 'signed', recovered: false })
    expect(await files.read(study)).toBeNull()
    await new Promise((resolve) => setTimeout(resolve, 50))
    expect(saved).toEqual([])
  })

  it('opens with an amendment that only this workstation has, and sends it with its reason', async () => {
    await local('双肺清晰。肋骨骨折。', { amendment })
    expect(await openReport(signedIn, study)).toMatchObject({
      status: 'draft',
      recovered: true,
      text: text('双肺清晰。肋骨骨折。'),
      amendment,
      versions: [{ signedAt: 1_000 }],
    })
    await expect.poll(() => saved).toEqual([{ text: text('双肺清晰。肋骨骨折。'), amendment }])
  })

  it('keeps a reason that was begun before a word was changed', async () => {
    await local('双肺清晰。', { amendment })
    expect(await openReport(signedIn, study)).toMatchObject({ status: 'draft', amendment })
  })

  it('opens with the gateway’s draft of an amendment', async () => {
    gateway.draft = {
      text: text('双肺清晰。补充。'),
      revision: 2,
      savedAt: 2_000,
      amendment,
      stage: 'writing',
      keyImages: [],
    }
    expect(await openReport(signedIn, study)).toMatchObject({
      status: 'draft',
      recovered: false,
      text: text('双肺清晰。补充。'),
      amendment,
    })
  })

  it('that somebody else amends opens as signed, with who it is', async () => {
    gateway.lockedBy = { name: '王医师', since: 5 }
    const opened = await openReport(signedIn, study)
    expect(opened).toMatchObject({ status: 'signed', text: text('双肺清晰。'), lockedBy: { name: '王医师' } })
    expect(opened).not.toHaveProperty('amendment')
  })

  it('has a reason of its amendment saved, over a restart too', async () => {
    await openReport(signedIn, study)
    await drafts.save(study, text('双肺清晰。补充。'), amendment)
    await expect.poll(() => saved.at(-1)).toEqual({ text: text('双肺清晰。补充。'), amendment })
    await drafts.save(study, text('双肺清晰。补充。'), { ...amendment, reason: '漏诊肋骨骨折' })
    await expect.poll(() => saved.at(-1)?.amendment?.reason).toBe('漏诊肋骨骨折')
    await drafts.pause()
    restart()
    expect((await files.read(study))?.amendment?.reason).toBe('漏诊肋骨骨折')
  })

  it('is again as it was signed once the amendment is given up: nothing is sent any more', async () => {
    await openReport(signedIn, study)
    await drafts.save(study, text('双肺清晰。补充。'), amendment)
    await discardDraft(signedIn, study)
    const sent = saved.length
    expect(asked.at(-1)).toBe(api.discardDraft)
    expect(await files.read(study)).toBeNull()
    await new Promise((resolve) => setTimeout(resolve, 50))
    expect(saved.length).toBe(sent)
  })
})
