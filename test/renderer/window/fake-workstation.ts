import { readFileSync } from 'node:fs'
import { join } from 'node:path'
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
import type { Alert, ReportText, SignedReport } from '../../../src/shared/report/index.ts'
import { order, ownCredentials, tokens, totpEnrolment, worklist } from './facts.ts'
import { emptyOffice } from './office.ts'
import { seriesMetadata, study } from './study.ts'

const dictionary = CriticalDictionary.parse(
  JSON.parse(readFileSync(join(import.meta.dirname, '../../../assets/dictionary/default.json'), 'utf8')),
)
const analyser = compileDictionary(dictionary)

type Handlers = { [C in IpcChannel]: (args: IpcArgs<C>) => IpcResult<C> | Promise<IpcResult<C>> }

/**
 * Stands in for the main process while the window alone is under test. Every argument and every answer goes through the
 * contract's schemas, and the text analysis is the real one. A test overrides what it is about in `handlers`.
 */
export function createFakeWorkstation(start: WorkstationState, now = Date.now()) {
  let state = start
  let alerts: Alert[] = []
  let signed: SignedReport | null = null
  let draft: ReportText = { findings: '', impression: '' }
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
  const documentOf = (text: ReportText) => ({
    schema: 'vigil/report/v1' as const,
    reportId: 'report-1',
    version: 1,
    previous: null,
    gatewayId: 'gateway-1',
    studyInstanceUid: study.studyInstanceUid,
    accessionNumber: order.accessionNumber,
    patientId: order.patientId,
    patientName: order.patientName,
    author: { accountId: 'account-radiologist', name: '李明华' },
    preparedAt: now,
    dictionaryVersion: dictionary.version,
    text,
    decisions: [],
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
    'worklist.list': ({ search = '', modality, status }) => {
      const rows = worklist(now).filter(
        (row) =>
          (row.patientName.includes(search) || row.accessionNumber.startsWith(search)) &&
          (!modality || row.modality === modality) &&
          (status === 'all' ||
            (status === 'critical'
              ? row.criticalAlerts > 0
              : row.reportStatus === (status === 'to-report' ? 'none' : status))),
      )
      return { rows, total: rows.length, broken: [] }
    },
    'exam.done': () => ({}),
    'study.open': () => ({ study, order }),
    'series.metadata': () => seriesMetadata(),
    'report.open': () => ({
      status: signed ? 'signed' : draft.findings || draft.impression ? 'draft' : 'none',
      text: draft,
      recovered: false,
      lockedBy: null,
      versions: signed ? [signed] : [],
    }),
    'report.save-draft': ({ study: uid, text }) => {
      draft = text
      const savedAt = Date.now()
      setTimeout(() => emit({ kind: 'draft', study: uid, state: 'gateway', at: savedAt }), 150)
      return { savedAt }
    },
    'report.prepare-sign-off': ({ text }) => ({
      findings: analyseReport(analyser, text),
      document: documentOf(text),
    }),
    'report.sign-off': ({ document, decisions }) => {
      const report: SignedReport = {
        document: { ...document, decisions },
        signature: 'c2ln',
        algorithm: 'ECDSA-SHA256',
        certificate: 'Y2VydA==',
        signedAt: Date.now(),
      }
      signed = report
      alerts = decisions.flatMap((decision, index): Alert[] =>
        decision.action === 'alert'
          ? [alertOf(`A26112200000${index + 1}`, decision.type, decision.content)]
          : [],
      )
      return { report, alerts }
    },
    'critical.dictionary': () => dictionary,
    'alerts.list': () => alerts,
    'account.own': () => ownCredentials(now),
    'account.change-password': () => ({}),
    'account.begin-totp': () => totpEnrolment,
    'account.confirm-totp': () => ({}),
    'administration.accounts': () => [],
    'administration.workstations': () => [],
    'administration.sessions': () => [],
    'administration.audit': () => [],
    ...emptyOffice(),
  }

  const alertOf = (id: string, type: string, content: string): Alert => {
    const entry = dictionary.entries.find((each) => each.code === type)
    return {
      id,
      studyInstanceUid: study.studyInstanceUid,
      accessionNumber: order.accessionNumber,
      patientName: order.patientName,
      type,
      typeName: entry?.nameZh ?? type,
      level: entry?.level ?? 'red',
      content,
      keyword: '',
      raisedAt: Date.now(),
      raisedBy: '李明华',
      delivery: {
        state: 'queued',
        target: 'HIS',
        attempts: 0,
        lastError: null,
        nextAttemptAt: null,
        deliveredAt: null,
      },
    }
  }

  return {
    /** As if complete, for tests to override: `invoke` says which call has no answer. */
    handlers: handlers as Handlers,
    calls,
    emit,
    setState,
    fail,
    alertOf,
    draft: () => draft,
    /** Changes one alert's delivery and says so. */
    deliver: (id: string, delivery: Partial<Alert['delivery']>) => {
      alerts = alerts.map((alert) =>
        alert.id === id ? { ...alert, delivery: { ...alert.delivery, ...delivery } } : alert,
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
