import { z } from 'zod'
import { ProtectedField, Sensitivity } from '../access/index.ts'
import { Alert, EarlierAlert, Recipient } from '../alert/index.ts'
import { SectionFinding } from '../critical/model.ts'
import { Order } from '../order/index.ts'
import {
  Amendment,
  DraftAmendment,
  KeyImages,
  ReportDocument,
  ReportDraft,
  ReportStage,
  ReportStatus,
  ReportText,
  ShownReport,
  SignedReport,
  Submission,
} from '../report/index.ts'
import { SessionView } from '../session/index.ts'
import { DicomJson, Study, Uid } from '../study/index.ts'
import { administrationApi } from './administration.ts'
import { alertsApi, CheckSignature } from './alerts.ts'
import { auditApi } from './audit.ts'
import { backupApi } from './backup.ts'
import { credentialsApi } from './credentials.ts'
import { dictionaryApi } from './dictionary.ts'
import { interfacesApi } from './interfaces.ts'
import { labelsApi } from './labels.ts'
import { measurementsApi } from './measurements.ts'
import { protectionApi } from './protection.ts'
import { reportsApi } from './reports.ts'
import { retrospectApi } from './retrospect.ts'
import type { Route } from './route.ts'
import { settingsApi } from './settings.ts'
import {
  Challenge,
  FallbackSignInRequest,
  FallbackUnlockRequest,
  SignInRequest,
  SignInResponse,
  SignInRules,
  UnlockRequest,
} from './sign-in.ts'
import { TokenFailures } from './token-failure.ts'
import { worklistApi } from './worklist.ts'

export * from './address.ts'
export * from './administration.ts'
export * from './alerts.ts'
export * from './audit.ts'
export * from './backup.ts'
export * from './credentials.ts'
export * from './dictionary.ts'
export * from './enrolment.ts'
export * from './interfaces.ts'
export * from './labels.ts'
export * from './measurements.ts'
export * from './protection.ts'
export * from './reports.ts'
export * from './retrospect.ts'
export type * from './route.ts'
export * from './settings.ts'
export * from './sign-in.ts'
export * from './token-failure.ts'
export * from './worklist.ts'

const done = z.object({})
/** Where it is true, the study has an order that cannot be read; what is known is from the images alone. */
export const damagedOrder = { orderDamaged: z.boolean().optional() }
const studyParams = z.object({ study: Uid })

/** What there is to decide on before a report is signed. */
export const PreparedSignOff = z.object({
  findings: z.array(SectionFinding),
  document: ReportDocument,
  /** Alerts for the same patient within the rules' hours, newest first; `repeats` of a decision names one of its type. */
  earlier: z.array(EarlierAlert),
  /** Open alerts of this report's earlier versions whose finding the text no longer has: each needs a decision in `standing`. */
  standing: z.array(EarlierAlert),
  /** Who can be told, with what the order and the dictionary's contacts know; the first is the one to be proposed. */
  recipients: z.array(Recipient),
  /** Whether alerts wait for a second person, or this person confirms them a second time. */
  check: z.enum(['none', 'second-person', 'twice']),
  ...damagedOrder,
})
export type PreparedSignOff = z.infer<typeof PreparedSignOff>

/** Every route of the API listener. The enrolment listener has its own, in enrolment.ts. */
export const api = {
  /** Reachability and the gateway's time, before anybody signs in. */
  status: {
    method: 'GET',
    path: '/v1/status',
    principal: 'workstation',
    permission: null,
    query: z.object({
      /** Pins (base64url SHA-256 of the public key) of the gateway CAs that the workstation keeps, comma between them. */
      trusts: z
        .string()
        .regex(/^[\w-]{43}(,[\w-]{43}){0,7}$/)
        .optional(),
    }),
    response: z.object({
      gatewayId: z.string(),
      now: z.number(),
      version: z.string(),
      signIn: SignInRules,
      /** The workstation's certificate is near its end: it is to ask for a new one. */
      renewCertificate: z.boolean(),
      /** PEM of every CA that the gateway is, or will be, known by. A workstation keeps them beside the one it was enrolled with. */
      gatewayCas: z.array(z.string()),
    }),
  },
  /** A new certificate for the same workstation. The one before is good until the new one is first used. */
  renewWorkstation: {
    method: 'POST',
    path: '/v1/workstation/renew',
    principal: 'workstation',
    permission: null,
    body: z.strictObject({ csr: z.base64().max(8192) }),
    response: z.object({ certificate: z.string(), issuer: z.string() }),
  },
  signInChallenge: {
    method: 'POST',
    path: '/v1/sign-in/challenge',
    principal: 'workstation',
    permission: null,
    response: Challenge,
  },
  signIn: {
    method: 'POST',
    path: '/v1/sign-in',
    principal: 'workstation',
    permission: null,
    body: SignInRequest,
    bodyLimit: 65_536,
    response: SignInResponse,
  },
  /** Password + TOTP in the place of a lost key, under a grant. */
  signInFallback: {
    method: 'POST',
    path: '/v1/sign-in/fallback',
    principal: 'workstation',
    permission: null,
    body: FallbackSignInRequest,
    response: SignInResponse,
  },
  /** What failed at the workstation before the gateway was asked, for the audit. */
  tokenFailures: {
    method: 'POST',
    path: '/v1/token-failures',
    principal: 'workstation',
    permission: null,
    body: TokenFailures,
    response: done,
  },

  session: {
    method: 'GET',
    path: '/v1/session',
    principal: 'session',
    permission: 'session.own',
    whileLocked: true,
    response: SessionView,
  },
  /**
   * The user's activity: `counter` rises with each call, `idleMs` is how long ago the last input was. `signature` is the
   * session key's over `activityStatement` (ECDSA P-256 with SHA-256, DER, base64).
   */
  activity: {
    method: 'POST',
    path: '/v1/session/activity',
    principal: 'session',
    permission: 'session.own',
    whileLocked: true,
    body: z.object({
      counter: z.int().positive(),
      idleMs: z.int().nonnegative().max(86_400_000),
      signature: z.base64().max(256),
    }),
    response: done,
  },
  lock: {
    method: 'POST',
    path: '/v1/session/lock',
    principal: 'session',
    permission: 'session.own',
    whileLocked: true,
    response: done,
  },
  unlockChallenge: {
    method: 'POST',
    path: '/v1/session/unlock/challenge',
    principal: 'session',
    permission: 'session.own',
    whileLocked: true,
    response: Challenge,
  },
  unlock: {
    method: 'POST',
    path: '/v1/session/unlock',
    principal: 'session',
    permission: 'session.own',
    whileLocked: true,
    body: UnlockRequest,
    bodyLimit: 65_536,
    response: SessionView,
  },
  unlockFallback: {
    method: 'POST',
    path: '/v1/session/unlock/fallback',
    principal: 'session',
    permission: 'session.own',
    whileLocked: true,
    body: FallbackUnlockRequest,
    response: SessionView,
  },
  signOut: {
    method: 'DELETE',
    path: '/v1/session',
    principal: 'session',
    permission: 'session.own',
    whileLocked: true,
    response: done,
  },
  /** Newline-delimited JSON of SessionEvent, open as long as the session lives. */
  events: {
    method: 'GET',
    path: '/v1/events',
    principal: 'session',
    permission: 'session.own',
    whileLocked: true,
    response: 'stream',
  },

  ...worklistApi,
  ...labelsApi,
  /** The technologist marks an exam done. */
  examDone: {
    method: 'POST',
    path: '/v1/orders/:accession/exam-done',
    principal: 'session',
    permission: 'exam.progress',
    params: z.object({ accession: z.string().min(1).max(16) }),
    response: done,
  },

  study: {
    method: 'GET',
    path: '/v1/studies/:study',
    principal: 'session',
    permission: 'study.read',
    params: studyParams,
    response: z.object({
      study: Study,
      order: Order.nullable(),
      sensitivity: Sensitivity,
      /** Fields that the person sees masked; absent where there are none. */
      hidden: z.array(ProtectedField).optional(),
      ...damagedOrder,
    }),
  },
  /** DICOM JSON (PS3.18 Annex F) of each instance of the series, in instance order. */
  seriesMetadata: {
    method: 'GET',
    path: '/v1/studies/:study/series/:series/metadata',
    principal: 'session',
    permission: 'study.read',
    params: z.object({ study: Uid, series: Uid }),
    response: z.array(DicomJson),
  },
  /**
   * One frame as stored, `frame` counted from 1 (PS3.18 10.4). Content type:
   * `application/octet-stream; transfer-syntax=<uid>`; encapsulated frames are their fragments joined.
   */
  frame: {
    method: 'GET',
    path: '/v1/studies/:study/series/:series/instances/:instance/frames/:frame',
    principal: 'session',
    permission: 'study.read',
    params: z.object({
      study: Uid,
      series: Uid,
      instance: Uid,
      frame: z.coerce.number().int().min(1).max(100_000),
    }),
    response: 'stream',
  },

  report: {
    method: 'GET',
    path: '/v1/studies/:study/report',
    principal: 'session',
    permission: 'report.read',
    params: studyParams,
    response: z.object({
      status: ReportStatus,
      draft: ReportDraft.nullable(),
      /** Another radiologist's draft stands: who, and since when. Then `draft` is null and saving is refused. */
      lockedBy: z.object({ name: z.string(), since: z.number(), stage: ReportStage }).nullable(),
      /** Handed in and not signed; also for who may not write it. */
      submission: Submission.nullable(),
      versions: z.array(ShownReport),
    }),
  },
  /** Saves the draft; `baseRevision` is the revision it was made from (0 for none), a mismatch is `report-changed`. */
  saveDraft: {
    method: 'PUT',
    path: '/v1/studies/:study/report/draft',
    principal: 'session',
    permission: 'report.write',
    params: studyParams,
    body: z.object({
      text: ReportText,
      baseRevision: z.int().nonnegative(),
      amendment: DraftAmendment.optional(),
      keyImages: KeyImages.optional(),
    }),
    bodyLimit: 262_144,
    response: z.object({ revision: z.int(), savedAt: z.number() }),
  },
  /** Gives one's own draft up; what is signed stands as it was signed. Nothing to do where there is none. */
  discardDraft: {
    method: 'DELETE',
    path: '/v1/studies/:study/report/draft',
    principal: 'session',
    permission: 'report.write',
    params: studyParams,
    response: done,
  },
  /** The gateway's own analysis of the exact text, and the document to decide on and sign. */
  prepareSignOff: {
    method: 'POST',
    path: '/v1/studies/:study/report/sign-off/prepare',
    principal: 'session',
    permission: 'report.sign',
    params: studyParams,
    /** `amendment` is needed where a version is signed already: `amendment-required` otherwise. */
    body: z.object({ text: ReportText, amendment: Amendment.optional(), keyImages: KeyImages.optional() }),
    bodyLimit: 262_144,
    response: PreparedSignOff,
  },
  /** Commits report version, alerts, outbox and audit in one transaction. */
  signOff: {
    method: 'POST',
    path: '/v1/studies/:study/report/sign-off',
    principal: 'session',
    permission: 'report.sign',
    params: studyParams,
    body: SignedReport.omit({ signedAt: true }).extend({
      /** The same person's second confirmation of the alerts, where `check` of the preparation is `twice`. */
      secondCheck: CheckSignature.optional(),
    }),
    bodyLimit: 524_288,
    response: z.object({ report: SignedReport, alerts: z.array(Alert) }),
  },

  ...reportsApi,
  ...measurementsApi,
  ...settingsApi,
  ...alertsApi,
  ...dictionaryApi,
  ...interfacesApi,
  ...retrospectApi,
  ...credentialsApi,
  ...administrationApi,
  ...auditApi,
  ...protectionApi,
  ...backupApi,
} as const satisfies Record<string, Route>

export type Api = typeof api
