import { z } from 'zod'
import {
  api,
  type Route,
  type RouteBody,
  type RouteParams,
  type RouteQuery,
  type RouteResponse,
} from '../api/index.ts'

/**
 * Calls of the window that are one route of the gateway each: the arguments are the route's parameters, query and body
 * together, the result is its answer. Main passes them on and adds nothing.
 */
export const routeCalls = {
  'account.own': api.ownCredentials,
  'account.change-password': api.changePassword,
  'account.begin-totp': api.beginTotp,
  'account.confirm-totp': api.confirmTotp,
  'administration.accounts': api.accounts,
  'administration.create-account': api.createAccount,
  'administration.edit-account': api.editAccount,
  'administration.disable-account': api.disableAccount,
  'administration.enable-account': api.enableAccount,
  'administration.authorise-account': api.authoriseAccount,
  'administration.bind-certificate': api.bindCertificate,
  'administration.revoke-certificate': api.revokeCertificate,
  'administration.create-binding-code': api.createBindingCode,
  'administration.reset-password': api.resetPassword,
  'administration.clear-lockout': api.clearLockout,
  'administration.grant-fallback': api.grantFallback,
  'administration.end-fallback': api.endFallback,
  'administration.fallback-grants': api.fallbackGrants,
  'administration.certificates': api.certificates,
  'administration.workstations': api.workstations,
  'administration.create-enrolment-ticket': api.createEnrolmentTicket,
  'administration.suspend-workstation': api.suspendWorkstation,
  'administration.resume-workstation': api.resumeWorkstation,
  'administration.revoke-workstation': api.revokeWorkstation,
  'administration.sessions': api.sessions,
  'administration.end-session': api.endSession,
  'administration.sign-in-failures': api.signInFailures,
  'administration.policy': api.securityPolicy,
  'administration.change-policy': api.changePolicy,
  'administration.policy-history': api.policyHistory,
  'audit.search': api.searchAudit,
  'audit.candidates': api.auditCandidates,
  'audit.report': api.auditedReport,
  'audit.anomalies': api.anomalies,
  'audit.review-anomaly': api.reviewAnomaly,
  'audit.verification': api.auditVerification,
  'audit.verify': api.verifyAudit,
  'audit.shipping': api.auditShipping,
  'audit.summaries': api.auditReports,
  'audit.make-summary': api.makeAuditReport,
  'audit.review-summary': api.reviewAuditReport,
  'alarms.list': api.alarms,
  'alarms.acknowledge': api.acknowledgeAlarm,
  'protection.status': api.protectionStatus,
  'protection.scrub': api.startScrub,
  'backup.status': api.backupStatus,
  'backup.run': api.runBackup,
  'backup.drill': api.runDrill,
  'critical.dictionary': api.dictionary,
  'dictionary.versions': api.dictionaryVersions,
  'dictionary.version': api.dictionaryVersion,
  'dictionary.begin-draft': api.beginDictionaryDraft,
  'dictionary.save-draft': api.saveDictionaryDraft,
  'dictionary.discard-draft': api.discardDictionaryDraft,
  'dictionary.begin-dry-run': api.beginDryRun,
  'dictionary.dry-run': api.dryRun,
  'dictionary.publish': api.publishDictionary,
  'alerts.list': api.alerts,
  'alert.open': api.alert,
  'alert.withdraw': api.withdrawAlert,
  'alert.object': api.objectToAlert,
  'alert.record-call': api.recordPhoneCall,
  'alert.close': api.closeAlert,
  'interfaces.targets': api.deliveryTargets,
  'interfaces.send-test-alert': api.sendTestAlert,
  'interfaces.resume-target': api.resumeTarget,
  'interfaces.dead-letters': api.deadLetters,
  'interfaces.replay-dead-letter': api.replayDeadLetter,
  'interfaces.feeds': api.incomingFeeds,
  'interfaces.quarantine': api.quarantine,
  'interfaces.quarantined-message': api.quarantinedMessage,
  'interfaces.reveal-quarantined': api.revealQuarantined,
  'interfaces.replay-quarantined': api.replayQuarantined,
  'interfaces.discard-quarantined': api.discardQuarantined,
  'retrospect.search': api.searchReports,
  'retrospect.missed': api.missedFindings,
  'retrospect.statistics': api.alertStatistics,
  'retrospect.authors': api.reportAuthors,
  'order.enter': api.enterOrder,
  'worklist.list': api.worklist,
  'study.priors': api.priorStudies,
  'study.claim': api.claimExam,
  'study.release': api.releaseExam,
  'study.break-glass': api.breakGlass,
  'study.label': api.labelStudy,
  'study.label-patient': api.labelPatient,
  'study.label-report': api.labelReport,
  'identity.reveal': api.revealIdentity,
  'labels.rules': api.labelRules,
  'labels.history': api.labelRulesHistory,
  'labels.change': api.changeLabelRules,
  'labels.try': api.tryLabelRules,
  'glass.breaks': api.glassBreaks,
  'glass.review': api.reviewGlassBreak,
  'settings.read': api.settings,
  'settings.save': api.saveSettings,
  'measurements.store': api.storeMeasurements,
  'report.recall': api.recallReport,
  'report.take-review': api.takeReview,
  'report.release-review': api.releaseReview,
  'report.take-over': api.takeOverDraft,
  'report.steps': api.reportSteps,
  'report.store-key-image': api.storeKeyImage,
  'report.key-image': api.keyImage,
  'report.letterhead': api.letterhead,
  'bootstrap.state': api.bootstrap,
  'bootstrap.create-officer': api.createOfficer,
} as const satisfies Record<string, Route>

type RouteCalls = typeof routeCalls
export type RouteCall = keyof RouteCalls

type Part<T> = T extends undefined ? unknown : T
/** What the window gives for a route. */
export type RouteCallArgs<R extends Route> = [RouteParams<R>, RouteQuery<R>, RouteBody<R>] extends [
  undefined,
  undefined,
  undefined,
]
  ? undefined
  : Part<RouteParams<R>> & Part<RouteQuery<R>> & Part<RouteBody<R>>

const parts = ['params', 'query', 'body'] as const

function shapeOf(schema: z.ZodType | undefined): Record<string, z.ZodType> {
  if (schema === undefined) return {}
  if (!(schema instanceof z.ZodObject)) throw new TypeError('a route call takes objects only')
  return schema.shape as Record<string, z.ZodType>
}

/** One strict object of every key: the parts' own strictness would have each refuse the others' keys. */
function argsOf(route: Route): z.ZodType {
  const shapes = parts.filter((part) => route[part] !== undefined).map((part) => shapeOf(route[part]))
  const keys = shapes.flatMap((shape) => Object.keys(shape))
  if (new Set(keys).size < keys.length) throw new TypeError(`${route.path}: a key stands in two parts`)
  return shapes.length === 0 ? z.undefined() : z.strictObject(Object.assign({}, ...shapes))
}

/** The channels of `routeCalls`, with the schemas that main checks. */
export const routeCallChannels = Object.fromEntries(
  Object.entries(routeCalls).map(([channel, route]: [string, Route]) => [
    channel,
    { args: argsOf(route), result: route.response },
  ]),
) as unknown as {
  [C in RouteCall]: {
    args: z.ZodType<RouteCallArgs<RouteCalls[C]>>
    result: z.ZodType<RouteResponse<RouteCalls[C]>>
  }
}

/** The arguments of a route call, taken apart again into the parts of the request that the route declares. */
export function routeCallInput(
  route: Route,
  args: Readonly<Record<string, unknown>> | undefined,
): Partial<Record<(typeof parts)[number], Record<string, unknown>>> {
  const given = Object.entries(args ?? {})
  const input = parts.flatMap((part) => {
    if (route[part] === undefined) return []
    const shape = shapeOf(route[part])
    return [[part, Object.fromEntries(given.filter(([key]) => Object.hasOwn(shape, key)))]]
  })
  return Object.fromEntries(input)
}
