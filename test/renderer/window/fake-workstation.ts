import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Alert } from '../../../src/shared/alert/index.ts'
import type { PreparedSignOff } from '../../../src/shared/api/index.ts'
import { analyseReport, CriticalDictionary, compileDictionary } from '../../../src/shared/critical/index.ts'
import type { ErrorCode, ErrorFacts, Failure } from '../../../src/shared/errors/index.ts'
import { VigilError } from '../../../src/shared/errors/index.ts'
import {
  type IpcAnswer,
  type IpcArgs,
  type IpcChannel,
  IpcEvent,
  type IpcResult,
  ipc,
  type WorkstationState,
} from '../../../src/shared/ipc/index.ts'
import type {
  Amendment,
  DraftAmendment,
  KeyImage,
  ReportStage,
  ReportText,
  SignedReport,
  Submission,
} from '../../../src/shared/report/index.ts'
import { alertOf, recipients } from './alert-facts.ts'
import { exam, order, ownCredentials, tokens, totpEnrolment } from './facts.ts'
import { createFakeWorklist } from './fake-worklist.ts'
import { emptyOffice } from './office.ts'
import { seriesMetadata, study } from './study.ts'

const dictionary = CriticalDictionary.parse(
  JSON.parse(readFileSync(join(import.meta.dirname, '../../../assets/dictionary/default.json'), 'utf8')),
)

type Handlers = { [C in IpcChannel]: (args: IpcArgs<C>) => IpcResult<C> | Promise<IpcResult<C>> }

/**
 * Stands in for the main process while the window alone is under test. Every argument and every answer goes through the
 * contract's schemas, and the text analysis is the real one. A test overrides what it is about in `handlers`.
 */
export function createFakeWorkstation(start: WorkstationState, now = Date.now()) {
  let state = start
  let opened = study
  let alerts: Alert[] = []
  let versions: SignedReport[] = []
  let draft: { text: ReportText; amendment?: DraftAmendment | undefined } | null = null
  let stage: ReportStage = 'writing'
  let submission: Submission | null = null
  let keyImages: KeyImage[] = []
  const list = createFakeWorklist(now)
  let inForce = dictionary
  /** What a preparation says beside findings and document. */
  const preparation: Pick<PreparedSignOff, 'earlier' | 'standing' | 'recipients' | 'check' | 'orderDamaged'> =
    {
      earlier: [],
      standing: [],
      recipients,
      check: 'none',
    }
  let listener: (event: IpcEvent) => void = () => undefined
  const calls: { channel: IpcChannel; args: unknown; at: number }[] = []

  const emit = (event: IpcEvent) => listener(IpcEvent.parse(event))
  const setState = (next: WorkstationState) => {
    state = next
    emit({ kind: 'state', state })
  }
  const fail = (code: ErrorCode, facts?: ErrorFacts): never => {
    throw new VigilError(code, facts)
  }
  const lastText = () => versions.at(-1)?.document.text ?? { findings: '', impression: '' }
  const documentOf = (text: ReportText, amendment: Amendment | undefined) => ({
    schema: 'vigil/report/v1' as const,
    reportId: 'report-1',
    version: versions.length + 1,
    previous: versions.length > 0 ? '0'.repeat(64) : null,
    gatewayId: 'gateway-1',
    studyInstanceUid: study.studyInstanceUid,
    accessionNumber: order.accessionNumber,
    patientId: order.patientId,
    patientName: order.patientName,
    author: { accountId: 'account-radiologist', name: '李明华' },
    preparedAt: now,
    dictionaryVersion: inForce.version,
    exam,
    text,
    amendment: amendment ?? null,
    decisions: [],
    standing: [],
  })

  const handlers: Partial<Handlers> = {
    'workstation.state': () => state,
    'workstation.about': () => ({
      version: '0.1.0',
      shell: 'chromium',
      demo: true,
      workstationName: '阅片室-03',
    }),
    'workstation.enrol': () => {
      setState({ phase: 'signed-out', ended: null })
      return {}
    },
    'workstation.active': () => ({}),
    'workstation.lock': () => {
      if (state.phase === 'active') setState({ phase: 'locked', session: state.session, why: 'user' })
      return {}
    },
    'workstation.sign-in-rules': () => ({
      password: false,
      fallback: true,
      newPassword: { minLength: 10, minClasses: 3, history: 5 },
    }),
    'tokens.list': () => tokens(now),
    'tokens.modules': () => ({ problem: null, modules: [] }),
    'tokens.change-pin': () => ({}),
    'session.sign-in': () => ({}),
    'session.sign-in-fallback': () => ({}),
    'session.unlock': () => {
      if (state.phase === 'locked') setState({ phase: 'active', session: state.session })
      return {}
    },
    'session.unlock-fallback': () => {
      if (state.phase === 'locked') setState({ phase: 'active', session: state.session })
      return {}
    },
    'session.sign-out': () => {
      setState({ phase: 'signed-out', ended: null })
      return {}
    },
    'exam.done': () => ({}),
    'study.open': () => ({ study: opened, order, sensitivity: 'general' }),
    'series.metadata': () => seriesMetadata(),
    'report.open': () => ({
      status: submission?.stage ?? (draft ? 'draft' : versions.length > 0 ? 'signed' : 'none'),
      text: draft?.text ?? submission?.text ?? lastText(),
      recovered: false,
      lockedBy: null,
      stage,
      keyImages,
      submission,
      versions,
      ...(draft?.amendment ? { amendment: draft.amendment } : {}),
    }),
    'report.save-draft': ({ study: uid, text, amendment, keyImages: images }) => {
      draft = { text, amendment }
      keyImages = images ?? keyImages
      const savedAt = Date.now()
      setTimeout(() => emit({ kind: 'draft', study: uid, state: 'gateway', at: savedAt }), 150)
      return { savedAt }
    },
    'report.discard-draft': () => {
      draft = null
      return {}
    },
    'report.submit': ({ text }) => {
      const suspected = analyseReport(compileDictionary(inForce), text, exam).filter(
        ({ grade }) => grade === 'positive' || grade === 'possible',
      ).length
      draft = null
      stage = 'submitted'
      submission = {
        stage,
        writtenBy: { accountId: 'account-radiologist', name: '李明华' },
        submittedAt: now,
        text,
        reviewer: null,
        comment: '',
        suspected,
      }
      return { suspected }
    },
    'report.recall': () => {
      draft = submission && { text: submission.text }
      stage = 'writing'
      submission = null
      return {}
    },
    'report.take-review': () => {
      stage = 'reviewing'
      submission = submission && {
        ...submission,
        stage,
        reviewer: { accountId: 'account-radiologist', name: '李明华' },
      }
      return {}
    },
    'report.release-review': () => {
      stage = 'submitted'
      submission = submission && { ...submission, stage, reviewer: null }
      return {}
    },
    'report.reject': ({ text, comment }) => {
      stage = 'rejected'
      submission = submission && { ...submission, stage, text, comment }
      return {}
    },
    'report.take-over': () => ({}),
    'report.steps': () => ({ steps: [] }),
    'report.letterhead': () => ({
      hospital: '市第一人民医院',
      department: '放射科',
      title: '影像诊断报告书',
      note: '本报告仅供临床医师参考',
      logo: '',
    }),
    'report.print': ({ fileName }) => ({ path: `C:\\报告\\${fileName}` }),
    'workstation.images-window': ({ open }) => {
      emit({ kind: 'images-window', open })
      return {}
    },
    'report.prepare-sign-off': ({ text, amendment }) => {
      if (versions.length > 0 && !amendment) return fail('amendment-required')
      return {
        findings: analyseReport(compileDictionary(inForce), text, exam),
        document: documentOf(text, amendment),
        ...preparation,
      }
    },
    'report.sign-off': ({ document, decisions, standing }) => {
      const report: SignedReport = {
        document: { ...document, decisions, standing },
        signature: 'c2ln',
        algorithm: 'ECDSA-SHA256',
        certificate: 'Y2VydA==',
        signedAt: Date.now(),
      }
      versions = [...versions, report]
      draft = null
      const raised = decisions
        .filter((decision) => decision.action === 'alert')
        .map(({ alertType, ...said }, index) => {
          const status = preparation.check === 'second-person' ? 'awaiting-check' : 'sent'
          const entry = inForce.entries.find(({ code }) => code === alertType)
          const id = `A261122${String(alerts.length + index + 1).padStart(6, '0')}`
          return alertOf(id, { ...said, type: alertType, typeName: entry?.nameZh ?? alertType }, status)
        })
      alerts = [...alerts, ...raised]
      return { report, alerts: raised }
    },
    'critical.dictionary': () => inForce,
    'alerts.list': ({ study: uid, show }) => ({
      alerts: alerts.filter(
        (alert) =>
          (uid === undefined || alert.studyInstanceUid === uid) &&
          (show !== 'check' || alert.state.status === 'awaiting-check') &&
          (show !== 'open' || !['closed', 'withdrawn'].includes(alert.state.status)) &&
          (show !== 'own' || alert.own),
      ),
      damaged: [],
    }),
    'account.own': () => ownCredentials(now),
    'account.change-password': () => ({}),
    'account.begin-totp': () => totpEnrolment,
    'account.confirm-totp': () => ({}),
    'administration.accounts': () => [],
    'administration.workstations': () => [],
    'administration.sessions': () => [],
    ...emptyOffice(),
    ...list.handlers,
  }

  return {
    /** As if complete, for tests to override: `invoke` says which call has no answer. */
    handlers: handlers as Handlers,
    calls,
    emit,
    setState,
    /** The study's images have not come: a window without any to draw is quicker, where a test is not about them. */
    withoutImages: () => {
      opened = { ...study, seriesCount: 0, instanceCount: 0, series: [] }
    },
    fail,
    alertOf,
    /** The draft's text as last saved; empty where there is none. */
    draft: () => draft?.text ?? { findings: '', impression: '' },
    setDraft: (text: ReportText, amendment?: DraftAmendment) => {
      draft = { text, amendment }
    },
    versions: () => versions,
    /** Where the report is on its way. */
    setReview: (next: { stage: ReportStage; submission: Submission | null; keyImages?: KeyImage[] }) => {
      stage = next.stage
      submission = next.submission
      keyImages = next.keyImages ?? []
    },
    /** The list's rows, the claims, the labels and the person's settings. */
    list,
    setVersions: (next: SignedReport[]) => {
      versions = next
    },
    /** What the next preparations say beside findings and document. */
    prepare: (change: Partial<typeof preparation>) => void Object.assign(preparation, change),
    /** Another dictionary comes into force, and the window is told. */
    publish: (next: CriticalDictionary) => {
      inForce = next
      emit({ kind: 'dictionary-changed' })
    },
    dictionary: () => inForce,
    /** Changes one alert's state and delivery, and says so. */
    deliver: (
      id: string,
      delivery: Partial<NonNullable<Alert['delivery']>>,
      change: Partial<Alert['state']> = {},
    ) => {
      alerts = alerts.map((alert) =>
        alert.id === id
          ? {
              ...alert,
              state: { ...alert.state, ...change },
              delivery: alert.delivery && { ...alert.delivery, ...delivery },
            }
          : alert,
      )
      emit({ kind: 'alert-changed', alertId: id })
    },
    setAlerts: (next: Alert[]) => {
      alerts = next
    },
    callsOf: (channel: IpcChannel) => calls.filter((call) => call.channel === channel),
    onEvent: (listen: (event: IpcEvent) => void) => {
      listener = listen
    },
    async invoke(channel: IpcChannel, args: unknown): Promise<IpcAnswer<unknown>> {
      const { args: argsSchema, result } = ipc[channel]
      const given = argsSchema.parse(args ?? undefined)
      calls.push({ channel, args: given, at: Date.now() })
      try {
        const handler = handlers[channel] as ((args: unknown) => unknown) | undefined
        if (!handler) throw new Error(`the fake workstation has no answer for ${channel}`)
        const answer = await handler(given)
        return { ok: true, value: result.parse(answer) }
      } catch (thrown) {
        if (!(thrown instanceof VigilError)) throw thrown
        const failure: Failure = thrown.toFailure()
        return { ok: false, failure }
      }
    },
  }
}

export type FakeWorkstation = ReturnType<typeof createFakeWorkstation>
