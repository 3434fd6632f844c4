import { z } from 'zod'
import { LoginName } from '../account/index.ts'
import { Alert, AlertContent, AlertId } from '../alert/index.ts'
import { api, BindingCode, Password, PreparedSignOff, SignInRules, TotpCode } from '../api/index.ts'
import { Failure } from '../errors/index.ts'
import {
  Amendment,
  DraftAmendment,
  FindingDecision,
  KeyImages,
  ReportDocument,
  ReportStage,
  ReportStatus,
  ReportText,
  ShownReport,
  SignedReport,
  StandingDecision,
  Submission,
} from '../report/index.ts'
import { AlertAttention, SessionEndReason, SessionView } from '../session/index.ts'
import { DicomJson, Uid } from '../study/index.ts'
import { routeCallChannels } from './route-calls.ts'

export * from './route-calls.ts'

/** Where the workstation stands; the renderer shows one screen for each phase and nothing clinical outside `active`. */
export const WorkstationState = z.discriminatedUnion('phase', [
  z.object({ phase: z.literal('not-enrolled') }),
  z.object({
    phase: z.literal('signed-out'),
    /** Why the last session ended, where it did not end by the user's own wish. */
    ended: z
      .object({
        reason: SessionEndReason,
        at: z.number(),
        byWorkstation: z.string().optional(),
        /** Whose session it was. */
        displayName: z.string().optional(),
      })
      .nullable(),
  }),
  z.object({ phase: z.literal('active'), session: SessionView }),
  z.object({
    phase: z.literal('locked'),
    session: SessionView,
    why: z.enum(['idle', 'token-removed', 'os-lock', 'suspend', 'clock-changed', 'user']),
  }),
])
export type WorkstationState = z.infer<typeof WorkstationState>

/** A certificate on a token, as far as it can be shown before a PIN is entered. */
export const TokenCertificate = z.object({
  id: z.string(),
  subject: z.string(),
  issuer: z.string(),
  notBefore: z.number(),
  notAfter: z.number(),
  /** Null where it can be used for sign-in; otherwise why not. */
  unfit: z.enum(['expired', 'not-yet-valid', 'key-usage', 'extended-key-usage', 'key-type']).nullable(),
})
export type TokenCertificate = z.infer<typeof TokenCertificate>

/** A USB key or a PKCS#12 file on removable media. */
export const Token = z.object({
  id: z.string(),
  kind: z.enum(['pkcs11', 'pkcs12']),
  label: z.string(),
  /** Empty for PKCS#12, whose contents cannot be read before the PIN. */
  certificates: z.array(TokenCertificate),
  pin: z.enum(['ok', 'low', 'final-try', 'locked']),
})
export type Token = z.infer<typeof Token>

/** A PKCS#11 library that the machine's policy names, and what became of it. */
export const TokenModule = z.object({
  /** The policy's own name for it. */
  label: z.string(),
  path: z.string(),
  state: z.enum(['loaded', 'missing', 'wrong-hash', 'wrong-architecture', 'failed', 'disabled']),
})
export type TokenModule = z.infer<typeof TokenModule>

/** A draft as the editor gets it: the newer of the local and the gateway's. */
export const OpenReport = z.object({
  status: ReportStatus,
  text: ReportText,
  /** True where the text was recovered from this workstation because the gateway did not have it. */
  recovered: z.boolean(),
  lockedBy: z.object({ name: z.string(), since: z.number(), stage: ReportStage }).nullable(),
  /** Of one's own draft; `writing` where there is none. */
  stage: ReportStage,
  keyImages: KeyImages,
  submission: Submission.nullable(),
  versions: z.array(ShownReport),
  /** What the draft is for, where `status` is `draft` and a version is signed already. */
  amendment: DraftAmendment.optional(),
})
export type OpenReport = z.infer<typeof OpenReport>

const pin = z.string().min(1).max(64)
const choice = { tokenId: z.string().max(200), certificateId: z.string().max(200).optional() }
const nothing = z.undefined()
const fileName = z
  .string()
  .min(1)
  .max(120)
  .regex(/^[^\\/:*?"<>|\p{C}]+$/u)

/**
 * Every call that the renderer may make. One map from channel to argument and result; the compiler checks both ends,
 * zod checks every argument in the main process.
 */
export const ipc = {
  'workstation.state': { args: nothing, result: WorkstationState },
  'workstation.about': {
    args: nothing,
    result: z.object({
      version: z.string(),
      shell: z.enum(['electron', 'chromium']),
      demo: z.boolean(),
      workstationName: z.string(),
    }),
  },
  'workstation.enrol': {
    args: z.object({ ticket: z.string().max(400), name: z.string().trim().min(1).max(40) }),
    result: z.object({}),
  },
  /** An input happened: puts off the idle lock. */
  'workstation.active': { args: nothing, result: z.object({}) },
  'workstation.lock': { args: nothing, result: z.object({}) },
  'tokens.list': { args: nothing, result: z.array(Token) },
  /** Each library of the machine's policy; `problem` is why there is none at all. */
  'tokens.modules': {
    args: nothing,
    result: z.object({
      problem: z.enum(['policy-missing', 'policy-invalid']).nullable(),
      modules: z.array(TokenModule),
    }),
  },
  'tokens.change-pin': {
    args: z.object({ tokenId: z.string().max(200), pin, newPin: pin }),
    result: z.object({}),
  },
  /** Null while the gateway has not been reached. */
  'workstation.sign-in-rules': { args: nothing, result: SignInRules.nullable() },
  /** While another person's session stands locked here, this sign-in replaces it. */
  'session.sign-in': {
    args: z.object({
      ...choice,
      pin,
      password: Password.optional(),
      newPassword: Password.optional(),
      bindingCode: BindingCode.optional(),
      takeOver: z.boolean(),
    }),
    result: z.object({}),
  },
  'session.sign-in-fallback': {
    args: z.object({
      loginName: LoginName,
      password: Password,
      newPassword: Password.optional(),
      code: TotpCode,
      takeOver: z.boolean(),
    }),
    result: z.object({}),
  },
  'session.unlock': { args: z.object({ ...choice, pin }), result: z.object({}) },
  'session.unlock-fallback': { args: z.object({ password: Password, code: TotpCode }), result: z.object({}) },
  'session.sign-out': { args: nothing, result: z.object({}) },
  'exam.done': { args: z.object({ accessionNumber: z.string().min(1).max(16) }), result: z.object({}) },
  'study.open': {
    args: z.object({ study: Uid }),
    result: api.study.response,
  },
  'series.metadata': { args: z.object({ study: Uid, series: Uid }), result: z.array(DicomJson) },
  'report.open': { args: z.object({ study: Uid }), result: OpenReport },
  /** Stores the draft on this workstation at once (encrypted) and on the gateway soon after. */
  'report.save-draft': {
    args: z.object({
      study: Uid,
      text: ReportText,
      amendment: DraftAmendment.optional(),
      keyImages: KeyImages.optional(),
    }),
    result: z.object({ savedAt: z.number() }),
  },
  /** Gives the draft up, here and on the gateway; a signed report is again as it was signed. */
  'report.discard-draft': { args: z.object({ study: Uid }), result: z.object({}) },
  /** Hands the draft in for review; what is typed last goes with it. */
  'report.submit': { args: z.object({ study: Uid, text: ReportText }), result: api.submitReport.response },
  /** Gives a report that one reviews back to its author, with the text as it stands now. */
  'report.reject': {
    args: z.object({ study: Uid, text: ReportText, comment: api.rejectReport.body.shape.comment }),
    result: z.object({}),
  },
  /**
   * Puts a signed version on paper or into a file of the user's choosing, after the gateway has recorded it; `path` is null where
   * it was called off, or printed. The PDF is the window's own page as its print style sheet shows it, with the signed
   * version attached (`vigil report verify`); `json` is that version alone.
   */
  'report.print': {
    args: z.object({
      study: Uid,
      version: z.int().positive(),
      format: z.enum(['pdf', 'paper', 'json']),
      fileName,
    }),
    result: z.object({ path: z.string().nullable() }),
  },
  /** Opens or closes the window for images on another screen; it follows the study that is open in the first. */
  'workstation.images-window': { args: z.object({ open: z.boolean() }), result: z.object({}) },
  'report.prepare-sign-off': {
    args: z.object({
      study: Uid,
      text: ReportText,
      amendment: Amendment.optional(),
      keyImages: KeyImages.optional(),
    }),
    result: PreparedSignOff,
  },
  'report.sign-off': {
    args: z.object({
      study: Uid,
      document: ReportDocument,
      decisions: z.array(FindingDecision).max(500),
      standing: z.array(StandingDecision).max(500),
      ...choice,
      pin,
      /** The PIN once more, for the same person's second look at the alerts, where the preparation asks for it. */
      secondPin: pin.optional(),
    }),
    result: z.object({ report: SignedReport, alerts: z.array(Alert) }),
  },
  /** Confirms an alert that waits for a second person; `content` is what the window showed of it. */
  'alert.check': {
    args: z.object({ alert: AlertId, content: AlertContent, ...choice, pin }),
    result: z.object({}),
  },
  /** Rings and flashes the window's place in the task bar, as far as the shell can. */
  'workstation.attention': { args: z.object({ on: z.boolean() }), result: z.object({}) },
  /**
   * Writes a list as a file of the user's choosing, after the gateway has recorded it; `path` is null where the user called
   * it off. `content` is base64; a PDF is made of the window's own page as its print style sheet shows it, and has none.
   */
  'retrospect.export': {
    args: z.object({
      ...api.recordRetrospectExport.body.shape,
      fileName,
      content: z.base64().max(64_000_000).optional(),
    }),
    result: z.object({ path: z.string().nullable() }),
  },
  /** Writes a table as a file of the user's choosing, after the gateway has recorded it; `path` is null where the user called it off. */
  'administration.export': {
    args: z.object({
      table: api.recordExport.body.shape.table,
      rows: z.int().min(0).max(1_000_000),
      fileName,
      /** UTF-8 with BOM is added by main: the spreadsheets of this country need it. */
      text: z.string().max(64_000_000),
    }),
    result: z.object({ path: z.string().nullable() }),
  },
  /** Writes an audit report's file where the user chooses; the gateway records that it was given out. `path` is null where it was called off. */
  'audit.save-summary': {
    args: z.object(api.auditReportFile.params.shape),
    result: z.object({ path: z.string().nullable() }),
  },
  ...routeCallChannels,
} as const satisfies Record<string, { args: z.ZodType; result: z.ZodType }>

export type IpcChannel = keyof typeof ipc
export type IpcArgs<C extends IpcChannel> = z.infer<(typeof ipc)[C]['args']>
export type IpcResult<C extends IpcChannel> = z.infer<(typeof ipc)[C]['result']>

/** What a call answers: a value, or a failure by code. Nothing is thrown across. */
export type IpcAnswer<T> = { ok: true; value: T } | { ok: false; failure: Failure }

/** What main tells the renderer without being asked. */
export const IpcEvent = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('state'), state: WorkstationState }),
  z.object({ kind: z.literal('tokens'), tokens: z.array(Token) }),
  z.object({ kind: z.literal('gateway'), reachable: z.boolean() }),
  /** Where the open draft stands: `local` is on this workstation only, `gateway` is safe on both. */
  z.object({
    kind: z.literal('draft'),
    study: Uid,
    state: z.enum(['local', 'gateway', 'refused']),
    at: z.number(),
    failure: Failure.optional(),
  }),
  z.object({ kind: z.literal('alert-changed'), alertId: z.string() }),
  AlertAttention,
  z.object({ kind: z.literal('worklist-changed') }),
  z.object({ kind: z.literal('images-window'), open: z.boolean() }),
  z.object({ kind: z.literal('dictionary-changed') }),
  z.object({ kind: z.literal('alarm-changed') }),
  /** Somebody opened a labelled study all the same; told to who reviews it. */
  z.object({ kind: z.literal('glass-broken') }),
])
export type IpcEvent = z.infer<typeof IpcEvent>

/** One function per channel: `workstation.state` → `bridge.workstationState()`. What the preload exposes as `window.vigil`. */
export type Bridge = {
  [C in IpcChannel as BridgeName<C>]: undefined extends IpcArgs<C>
    ? () => Promise<IpcAnswer<IpcResult<C>>>
    : (args: IpcArgs<C>) => Promise<IpcAnswer<IpcResult<C>>>
} & {
  /** Calls `listener` with each event's data; returns the function that stops it. */
  onEvent(listener: (event: IpcEvent) => void): () => void
}

type BridgeName<C extends string> = C extends `${infer Head}.${infer Tail}`
  ? `${Head}${Capitalize<Camel<Tail>>}`
  : C
type Camel<S extends string> = S extends `${infer Head}-${infer Tail}`
  ? `${Head}${Capitalize<Camel<Tail>>}`
  : S

/** The function's name for a channel: `report.save-draft` → `reportSaveDraft`. */
export function bridgeName(channel: string): string {
  return channel.replace(/[.-]([a-z])/g, (_, letter: string) => letter.toUpperCase())
}

/**
 * The path of a frame below the renderer's own origin; main answers it with the frame as stored
 * (`application/octet-stream; transfer-syntax=<uid>`), or with a Failure as JSON.
 */
export function framePath(study: string, series: string, instance: string, frame: number): string {
  return `pixels/studies/${study}/series/${series}/instances/${instance}/frames/${frame}`
}
