import { hostname } from 'node:os'
import type { Logger } from 'pino'
import defaultDictionary from '../../assets/dictionary/default.json' with { type: 'json' }
import packageJson from '../../package.json' with { type: 'json' }
import type { Api } from '../shared/api/index.ts'
import type { Clock } from '../shared/time/clock.ts'
import { administrationHandlers, machineCertificates } from './administration/index.ts'
import { alarmHandlers } from './alarms/index.ts'
import { archiveHandlers, createArchive } from './archive/index.ts'
import {
  createAccessAudit,
  createAuditArchive,
  createCheckpointSchedule,
  createCheckpoints,
  createVerification,
  openEvidenceSigner,
  recordStart,
} from './audit/index.ts'
import { createAuditReview } from './audit-review/index.ts'
import { createAuditShipping, type ShippingTimes, shippingState, staffOf } from './audit-shipping/index.ts'
import { backupHandlers, createBackups, createBackupWatch } from './backup/index.ts'
import { createClaims } from './claims/index.ts'
import { createClockWatch } from './clock/index.ts'
import { createCritical, type VerifyAlertCheck } from './critical/index.ts'
import { type DataDirectory, holdInstanceLock } from './data-directory/index.ts'
import {
  createApiListener,
  createEnrolmentListener,
  createPrincipals,
  type Handlers,
  type ListenerLimits,
  loggable,
} from './http/index.ts'
import {
  createAccounts,
  createAttempts,
  createCertificateStanding,
  createChallenges,
  createCredentials,
  createEnrol,
  createEnrolmentCodes,
  createFallbackSignIn,
  createIssuers,
  createRenewal,
  createRevocation,
  createRevocationWatch,
  createSignIn,
  createTokenVerifier,
  createWorkstations,
  identityHandlers,
  type SignInAttempts,
  signedInByWorkstation,
  workstationHandlers,
  workstationStatus,
} from './identity/index.ts'
import { createIncoming } from './incoming/index.ts'
import { createDamageReports, damageRows } from './integrity/index.ts'
import { createKeyStatus, watchKeys } from './keys/index.ts'
import { createMeasurements } from './measurements/index.ts'
import { openFoundation } from './open-foundation.ts'
import { openIntegrity } from './open-integrity.ts'
import {
  createOrderFeeds,
  createOrders,
  createStudySubjects,
  patientIndex,
  studyIndex,
} from './orders/index.ts'
import { createPkiUpkeep, openPki } from './pki/index.ts'
import { protectionStatusHandlers } from './protection-status/index.ts'
import {
  createReports,
  createSignedCorpus,
  readLetterhead,
  reportIdOf,
  reportSummaries,
} from './reports/index.ts'
import { createRetrospect } from './retrospect/index.ts'
import {
  createBrokenGlass,
  createGivenLabels,
  createGlassReviews,
  createObjectLabels,
  createRuleVersions,
  createStudyGuard,
  labelledReports,
  labelRuleHandlers,
  reportGuard,
  revealHandlers,
  type StudyGuard,
  sensitivityHandlers,
  veiledAccounts,
  veiledAlerts,
  veiledAudit,
  veiledImages,
  veiledReports,
} from './sensitivity/index.ts'
import { createSessions, sessionHandlers } from './sessions/index.ts'
import { createUserSettings } from './settings/index.ts'
import { createWorklist } from './worklist/index.ts'

/** What a test may set that an installation may not. */
export interface GatewayTuning {
  sweepMs?: number
  keepAliveMs?: number
  /** What the sessions' clock is held against; milliseconds that cannot be set. */
  elapsed?: Clock
  enrolmentPollMs?: number
  /** How often broken glass that nobody reviewed is looked for. */
  glassWatchMs?: number
  /** How often revocation list files are looked at. */
  revocationEveryMs?: number
  /** How often a rotation made by another process, and what is due, are looked for. */
  pki?: { pollMs?: number; checkMs?: number }
  auditShipping?: Partial<ShippingTimes>
  /** How often it is looked whether a backup, a transfer or a drill is due. */
  backups?: { everyMs?: number }
  integrity?: { everyMs?: number }
  /** How often generations that another process made are looked for. */
  keys?: { everyMs?: number }
  limits?: Partial<ListenerLimits>
  attempts?: SignInAttempts
  /** In the place of the gateway's own. */
  handlers?: Partial<Handlers<keyof Api>>
  checkResponses?: boolean
  /** The store goes on taking what is written outside of a transaction: tests prepare rows so. */
  writesAside?: boolean
}

/**
 * The gateway's composition root: builds every part and hands it what it stands on. `parts` of what it gives is for who
 * runs it in the same process.
 * @throws Error naming the file where the data directory is held by another gateway, incomplete or wrongly configured.
 */
export async function startGateway(
  paths: DataDirectory,
  deps: { clock: Clock; log: Logger; tuning?: GatewayTuning },
) {
  const { clock, log, tuning = {} } = deps
  /** What was started, to be closed in the opposite order. */
  const closers: (() => void | Promise<void>)[] = []
  /** Stops taking requests, lets open ones finish, writes what is pending, gives the directory back. */
  const close = async () => {
    for (const closer of closers.splice(0).reverse()) await closer()
  }
  try {
    const release = holdInstanceLock(paths.instanceLock)
    closers.push(release)
    const foundation = await openFoundation(paths, { clock, log })
    closers.push(() => foundation.store.close())
    const { config, audit, gatewayId } = foundation
    if (!tuning.writesAside) foundation.store.recordedOnly()
    const evidence = await openEvidenceSigner(foundation)
    const checkpoints = createCheckpoints(foundation, evidence)
    const checkpointSchedule = createCheckpointSchedule({ ...foundation, checkpoints, every: config.audit })
    // The last statement is made when all that writes has ended.
    closers.push(() => checkpointSchedule.stop())
    checkpointSchedule.start()
    const auditArchive = createAuditArchive({
      ...foundation,
      checkpoints,
      directory: paths.auditArchive,
      keepMonths: config.audit.keepMonths,
    })
    const auditVerification = createVerification({ ...foundation, checkpoints, archive: auditArchive })
    closers.push(() => auditVerification.stop())
    closers.push(watchKeys(foundation, tuning.keys))
    const pki = await openPki(foundation, paths.pki)
    const { authorities } = pki
    const pkiUpkeep = createPkiUpkeep(foundation, { pki, ...tuning.pki })
    closers.push(() => pkiUpkeep.stop())
    await pkiUpkeep.start()

    const backups = createBackups(foundation, { paths })
    const backupWatch = createBackupWatch(foundation, { backups, ...tuning.backups })
    closers.push(() => backupWatch.stop())
    const integrity = openIntegrity(foundation, { paths, backups, auditArchive, ...tuning.integrity })
    closers.push(() => integrity.watch.stop())
    const archive = await createArchive(config.archive, {
      dataDir: paths.root,
      clock,
      log,
      protection: foundation.protection,
      priorsOf: async (study) => worklist.priorsOf(study),
    })
    closers.push(() => archive.close())
    const credentials = createCredentials(foundation, {
      endSession: (id, actor) => sessions.end(id, 'fallback-over', actor),
    })
    const sessions = await createSessions(foundation, {
      ...tuning,
      passwordEndsAt: credentials.passwords.endsAt,
    })

    const accounts = createAccounts(foundation)
    const workstations = createWorkstations(foundation)
    const renewal = createRenewal(foundation, { authorities })
    const challenges = createChallenges(foundation)
    const issuers = await createIssuers(foundation)
    const revocation = createRevocation(foundation, { issuers, directory: paths.revocationLists })
    const tokens = createTokenVerifier(foundation, { accounts, issuers, revocation })
    const revocationWatch = createRevocationWatch(foundation, {
      revocation,
      tokens,
      sessions,
      ...(tuning.revocationEveryMs ? { everyMs: tuning.revocationEveryMs } : {}),
    })
    revocationWatch.start()
    closers.push(() => revocationWatch.stop())
    const attempts = createAttempts(foundation, tuning.attempts)
    const proofs = { authorities, sessions, challenges, credentials, attempts }
    const signIn = createSignIn(foundation, { ...proofs, tokens, accounts })
    const fallbackSignIn = createFallbackSignIn(foundation, proofs)

    const { displayNames } = accounts
    const orders = createOrders(foundation, sessions)
    const labels = createGivenLabels(foundation)
    const objectLabels = createObjectLabels(foundation)
    const ruleVersions = createRuleVersions(foundation)
    const glass = createBrokenGlass(foundation)
    const glassReviews = createGlassReviews(foundation, { glass, displayNames })
    const claims = createClaims(foundation, {
      announcements: sessions,
      archive,
      holders: reportSummaries,
      displayNames,
    })
    /** Made below, of what is made with it. */
    const mayOpen: StudyGuard = (...asked) => restriction(...asked)
    const verifyAlertCheck: VerifyAlertCheck = async ({ accountId, ...check }) => {
      await tokens.verifyAlertCheck(check, { accountId })
    }
    const signedReports = createSignedCorpus(foundation, { damage: createDamageReports(foundation) })
    const incoming = createIncoming(foundation)
    const critical = await createCritical({
      incoming,
      foundation,
      announcements: sessions,
      dictionary: defaultDictionary,
      pastReports: signedReports,
      displayNames,
      verifyAlertCheck,
      restriction: mayOpen,
    })
    const reports = createReports({
      foundation,
      claims,
      announcements: sessions,
      archive,
      orders,
      critical,
      displayNames,
      verifyReportSignature: async ({ accountId, ...report }) => {
        await tokens.verifyReportSignature(report, { accountId })
      },
      verifyAlertCheck,
      letterhead: await readLetterhead(config),
      restriction: mayOpen,
    })
    const orderFeeds = createOrderFeeds(foundation, {
      incoming,
      // A label that a message brings counts before the next one is taken in.
      announcements: {
        announce(event, to) {
          sessions.announce(event, to)
          if (event.kind === 'worklist-changed') worklist.catchUp().catch(() => {})
        },
      },
      onMove: async ({ patientId, ...place }) => {
        const indexes = await orders.patientsOf(patientIndex(foundation.protection, patientId))
        await critical.rerouteFor(indexes, place)
      },
    })
    const retrospect = createRetrospect(foundation, {
      signedReports,
      critical,
      damage: createDamageReports(foundation),
      displayNames,
      restriction: mayOpen,
      veils: (principal) => worklist.veils(principal),
    })
    const worklist = createWorklist({
      foundation,
      announcements: sessions,
      archive,
      orders,
      reports,
      critical,
      claims,
      labels,
      objectLabels,
      ruleVersions,
      glass,
      displayNames,
    })
    const restriction = createStudyGuard({
      ...worklist,
      terms: () => foundation.policies.current().access,
      clock,
      studyIndex: (uid) => studyIndex(foundation.protection, uid),
      glass,
    })
    const { refresh: changed } = worklist
    const staffNumberLabel = async () => (await worklist.fieldLabels()).staffNumber
    archive.onChange(() => sessions.announce({ kind: 'worklist-changed' }))

    foundation.alarms.onChange(() => sessions.announce({ kind: 'alarm-changed' }))
    const clockWatch = createClockWatch(foundation, tuning.elapsed ? { elapsed: tuning.elapsed } : {})
    closers.push(() => clockWatch.stop())
    clockWatch.start()
    const auditShipping = createAuditShipping(foundation, {
      audit,
      checkpoints,
      staff: () => staffOf(foundation, displayNames),
      hostName: hostname(),
      processId: process.pid,
      ...(tuning.auditShipping ? { times: tuning.auditShipping } : {}),
    })
    closers.push(() => auditShipping.stop())
    auditShipping.start()
    const auditReview = createAuditReview(foundation, {
      accounts,
      archive,
      orders,
      labelOf: worklist.labelOf,
      evidence,
      checkpoints,
      shipping: () => shippingState(foundation),
      glassBreaks: glassReviews.list,
      directory: paths.auditReports,
      log,
    })

    const principals = createPrincipals({
      authorities,
      audit,
      workstation: workstations.principalOf,
      session: sessions.principalOf,
      clock,
    })
    const codes = createEnrolmentCodes(foundation)
    const enrol = createEnrol(foundation, { authorities, apiPort: () => apiPort })
    const enrolment = createEnrolmentListener({
      authorities,
      listen: { host: config.listen.host, port: config.listen.enrolmentPort },
      outstanding: codes.outstanding,
      enrol,
      clock,
      log,
      ...(tuning.enrolmentPollMs ? { pollMs: tuning.enrolmentPollMs } : {}),
    })
    closers.push(() => enrolment.close())
    const api = createApiListener({
      authorities,
      log,
      guards: {
        principalOf: principals.principalOf,
        audit,
        access: createAccessAudit({
          audit,
          clock,
          reportIdOf: (uid) => reportIdOf(foundation.protection, uid),
          aboutStudy: createStudySubjects(foundation),
        }),
        restriction,
        refusal: createDamageReports(foundation).refusal,
        checkResponses: tuning.checkResponses ?? false,
      },
      handlers: {
        ...identityHandlers(foundation, {
          signIn,
          fallbackSignIn,
          challenges,
          version: packageJson.version,
          workstationStatus: workstationStatus(renewal),
        }),
        ...credentials.handlers,
        ...sessionHandlers(sessions),
        ...veiledAccounts(
          administrationHandlers(foundation, {
            accounts,
            standing: createCertificateStanding(foundation, { issuers, revocation }),
            sessions,
            userCas: issuers.anchors,
            otherCertificates: async () => [
              ...(await revocation.rows()),
              ...(await machineCertificates(foundation, { pki, dir: paths.pki })),
            ],
          }),
          { label: staffNumberLabel },
        ),
        ...workstationHandlers(foundation, {
          workstations,
          renewal,
          codes,
          authorities,
          enrolment,
          signedIn: () => signedInByWorkstation(foundation, displayNames),
        }),
        ...veiledImages(archiveHandlers(archive), worklist),
        ...createMeasurements(foundation, { archive }).handlers,
        ...orders.handlers,
        enterOrder: async (request) =>
          orders.handlers.enterOrder({
            ...request,
            body: await worklist.unveiled(request.principal, request.body),
          }),
        ...incoming.handlers,
        ...worklist.handlers,
        ...claims.handlers,
        ...sensitivityHandlers(foundation, {
          ...worklist,
          archive,
          labels,
          objectLabels,
          glass,
          restriction,
          reportRestriction: reportGuard(reports.handlers, restriction),
          announcements: sessions,
          changed,
        }),
        ...labelRuleHandlers(foundation, {
          ...worklist,
          versions: ruleVersions,
          reviews: glassReviews,
          displayNames,
          changed,
        }),
        ...revealHandlers(foundation, {
          find: worklist.find,
          factsOf: worklist.factsOf,
        }),
        ...alarmHandlers(foundation, {
          announcements: sessions,
          displayNames,
          damage: createDamageReports(foundation),
        }),
        ...auditShipping.handlers,
        ...veiledAudit(auditReview.handlers, { ...foundation, staffNumber: staffNumberLabel }),
        ...auditVerification.handlers,
        ...createUserSettings(foundation).handlers,
        ...protectionStatusHandlers({
          keys: createKeyStatus(foundation),
          clock: () => clockWatch.status(),
          scrub: integrity.status,
          damage: () => damageRows(foundation),
        }),
        ...reports.handlers,
        ...veiledReports(
          { ...reports.handlers, ...labelledReports(reports.handlers, { restriction, audit }) },
          { ...worklist, audit },
        ),
        ...critical.handlers,
        ...veiledAlerts(critical.handlers, { ...worklist, audit }),
        ...retrospect.handlers,
        ...backupHandlers(foundation, { backups }),
        ...integrity.handlers,
        ...tuning.handlers,
      },
      ...(tuning.limits ? { limits: tuning.limits } : {}),
    })
    pki.onChange(() => {
      api.renewTls()
      enrolment.renewTls()
    })
    // The sessions' event streams end first: an open stream would hold the listener for its whole drain time.
    closers.push(
      () => api.close(),
      () => sessions.close(),
    )
    closers.push(() => worklist.stop())
    worklist.start()
    const watchGlass = () =>
      glassReviews.watch().catch((error: unknown) => log.error(loggable(error), 'broken glass not watched'))
    const glassWatch = setInterval(watchGlass, tuning.glassWatchMs ?? 60_000).unref()
    closers.push(() => clearInterval(glassWatch))
    await watchGlass()
    const apiPort = await api.listen({ host: config.listen.host, port: config.listen.apiPort })

    await enrolment.refresh()
    backupWatch.start()
    integrity.watch.start()
    const orphans = setInterval(() => {
      reports.removeOrphans().catch((error: unknown) => log.error(loggable(error), 'key images not cleared'))
    }, 3_600_000).unref()
    closers.push(() => clearInterval(orphans))

    backupWatch.start()
    closers.push(() => critical.stop())
    await critical.start()
    // What they take in needs all of the above; they close before any of it.
    closers.push(() => orderFeeds.stop())
    await orderFeeds.start()
    closers.push(() => auditReview.stop())
    auditReview.start()
    await recordStart(foundation, {
      version: packageJson.version,
      configFile: paths.config,
      evidence: evidence.fingerprint,
    })
    auditVerification.start()
    closers.push(() =>
      audit.record({
        action: 'gateway.stopped',
        outcome: 'success',
        actor: { kind: 'gateway', id: gatewayId },
      }),
    )
    const parts = {
      foundation,
      pki,
      authorities,
      accounts,
      credentials,
      workstations,
      tokens,
      revocation,
      sessions,
      codes,
      enrol,
      enrolment,
      orders,
      incoming,
      listener: api,
      backups,
      integrity,
    }
    return { gatewayId, apiPort, parts, close }
  } catch (error) {
    await close()
    throw error
  }
}
