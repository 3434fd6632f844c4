import type { TLSSocket } from 'node:tls'
import defaultDictionary from '../../../assets/dictionary/default.json' with { type: 'json' }
import type { Archive } from '../../../src/server/archive/index.ts'
import { createClaims } from '../../../src/server/claims/index.ts'
import { createCritical } from '../../../src/server/critical/index.ts'
import type { SessionPrincipal } from '../../../src/server/foundation.ts'
import { createIncoming } from '../../../src/server/incoming/index.ts'
import { createDamageReports } from '../../../src/server/integrity/index.ts'
import { createOrders, studyIndex } from '../../../src/server/orders/index.ts'
import { createReports, createSignedCorpus, reportSummaries } from '../../../src/server/reports/index.ts'
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
  veiledAlerts,
  veiledReports,
} from '../../../src/server/sensitivity/index.ts'
import { createUserSettings } from '../../../src/server/settings/index.ts'
import { createWorklist } from '../../../src/server/worklist/index.ts'
import type { Role, Sensitivity } from '../../../src/shared/access/index.ts'
import { type EarlierAlert, maybeSame } from '../../../src/shared/alert/index.ts'
import type { CheckSignature } from '../../../src/shared/api/index.ts'
import { needsDecision, type SectionFinding } from '../../../src/shared/critical/index.ts'
import { VigilError } from '../../../src/shared/errors/index.ts'
import type { Order } from '../../../src/shared/order/index.ts'
import type {
  Amendment,
  FindingDecision,
  ReportDocument,
  ReportText,
} from '../../../src/shared/report/index.ts'
import type { SessionEvent } from '../../../src/shared/session/index.ts'
import type { Study } from '../../../src/shared/study/index.ts'
import { openTestFoundation } from '../foundation.ts'
import { createSigner, verifiersFor } from './signer.ts'

/** The radiologists and the technologist of the tests. */
const people: Record<string, { name: string; roles: Role[]; clearance?: Sensitivity }> = {
  li: { name: '李医师', roles: ['radiologist'] },
  wang: { name: '王医师', roles: ['radiologist'] },
  sun: { name: '孙医师', roles: ['resident'] },
  zhao: { name: '赵技师', roles: ['technologist'] },
}

/** Orders, archive, reports, critical values and worklist on a real store, with people who can sign. */
export async function openReadingRoom(
  config: object = {},
  { dictionary, ...at }: Parameters<typeof openTestFoundation>[1] & { dictionary?: unknown } = {},
) {
  const foundation = await openTestFoundation(config, at)
  for (const [id, { roles }] of Object.entries(people)) await addAccount(foundation, id, roles)
  const events: { event: SessionEvent; to?: { accountId?: string; sessionId?: string } }[] = []
  const announcements = {
    announce: (event: SessionEvent, to?: { accountId?: string; sessionId?: string }) =>
      events.push(to ? { event, to } : { event }),
  }
  const studies = new Map<string, Study>()
  const archive = memoryArchive(studies)
  const signers = new Map(
    await Promise.all(Object.keys(people).map(async (id) => [id, await createSigner(id)] as const)),
  )
  const displayNames = async () => new Map(Object.entries(people).map(([id, { name }]) => [id, name]))
  const orders = createOrders(foundation, announcements)
  const verifiers = verifiersFor(foundation.gatewayId, signers)
  const damage = createDamageReports(foundation)
  const incoming = createIncoming(foundation)
  const critical = await createCritical({
    incoming,
    foundation,
    announcements,
    dictionary: dictionary ?? defaultDictionary,
    pastReports: createSignedCorpus(foundation, { damage }),
    displayNames,
    verifyAlertCheck: verifiers.verifyAlertCheck,
    restriction: (...asked) => restriction(...asked),
  })
  const claims = createClaims(foundation, {
    announcements,
    archive,
    holders: reportSummaries,
    displayNames,
  })
  const reports = createReports({
    foundation,
    claims,
    announcements,
    archive,
    orders,
    critical,
    ...verifiers,
    displayNames,
    letterhead: { hospital: '', department: '', title: '', note: '', logo: '' },
    restriction: (...asked) => restriction(...asked),
  })
  const labels = createGivenLabels(foundation)
  const glass = createBrokenGlass(foundation)
  const objectLabels = createObjectLabels(foundation)
  const ruleVersions = createRuleVersions(foundation)
  const glassReviews = createGlassReviews(foundation, { glass, displayNames })
  const worklist = createWorklist({
    foundation,
    announcements,
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
  const { refresh: changed } = worklist
  const restriction: StudyGuard = createStudyGuard({
    ...worklist,
    terms: () => foundation.policies.current().access,
    clock: foundation.clock,
    studyIndex: (uid) => studyIndex(foundation.protection, uid),
    glass,
  })
  const handlers = {
    ...orders.handlers,
    enterOrder: async (asked: Parameters<typeof orders.handlers.enterOrder>[0]) =>
      orders.handlers.enterOrder({ ...asked, body: await worklist.unveiled(asked.principal, asked.body) }),
    ...critical.handlers,
    ...veiledAlerts(critical.handlers, { ...worklist, audit: foundation.audit }),
    ...reports.handlers,
    ...veiledReports(
      { ...reports.handlers, ...labelledReports(reports.handlers, { restriction, audit: foundation.audit }) },
      { ...worklist, audit: foundation.audit },
    ),
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
      announcements,
      changed,
    }),
    ...labelRuleHandlers(foundation, {
      ...worklist,
      versions: ruleVersions,
      reviews: glassReviews,
      displayNames,
      changed,
    }),
    ...revealHandlers(foundation, worklist),
    ...createUserSettings(foundation).handlers,
  }

  /** A request as the listener would hand it over: already validated, by this person. */
  function request<P, Q, B>(who: string, parts: { params?: P; query?: Q; body?: B } = {}) {
    const person = people[who]
    if (!person) throw new RangeError(who)
    const principal: SessionPrincipal = {
      kind: 'session',
      sessionId: `session-${who}`,
      accountId: who,
      displayName: person.name,
      roles: person.roles,
      workstationId: 'ws-1',
      factor: 'certificate',
      clearance: person.clearance ?? 'general',
      locked: false,
    }
    return {
      principal,
      params: parts.params as P,
      query: parts.query as Q,
      body: parts.body as B,
      socket: null as unknown as TLSSocket,
      address: '127.0.0.1',
      signal: new AbortController().signal,
    }
  }

  const prepare = (who: string, study: string, text: ReportText, amendment?: Amendment) =>
    handlers.prepareSignOff(
      request(who, {
        params: { study },
        query: undefined,
        body: { text, ...(amendment ? { amendment } : {}) },
      }),
    )

  /** Prepares, decides every finding by an alert (again where there was one) unless `decide` says otherwise, signs. */
  async function signOff(
    who: string,
    study: string,
    text: ReportText,
    decide?: (document: ReportDocument) => FindingDecision[],
    amendment?: Amendment,
  ) {
    const { findings, document, earlier } = await prepare(who, study, text, amendment)
    const decisions =
      decide?.(document) ?? findings.filter(needsDecision).map((finding) => alertFor(finding, earlier))
    return submit(who, study, { ...document, decisions })
  }

  async function submit(
    who: string,
    study: string,
    document: ReportDocument,
    signer = who,
    secondCheck?: CheckSignature,
  ) {
    const signed = await signers.get(signer)!.sign(document)
    const body = { ...signed, ...(secondCheck ? { secondCheck } : {}) }
    return handlers.signOff(request(who, { params: { study }, query: undefined, body }))
  }

  return {
    ...foundation,
    foundation,
    announcements,
    events,
    studies,
    archive,
    orders,
    critical,
    incoming,
    reports,
    claims,
    labels,
    glassReviews,
    worklist,
    restriction,
    dictionary: critical.dictionaries.inForce().dictionary,
    signers,
    handlers,
    request,
    prepare,
    signOff,
    submit,
  }
}
export type ReadingRoom = Awaited<ReturnType<typeof openReadingRoom>>

/** An alert on a finding, with its term as the content; again where one of its type was raised before. */
export function alertFor(
  finding: Pick<SectionFinding, 'section' | 'start' | 'end' | 'type'> & Partial<SectionFinding>,
  earlier: readonly EarlierAlert[] = [],
): AlertDecision {
  const { section, start, end, type } = finding
  return {
    action: 'alert',
    section,
    start,
    end,
    type,
    alertType: type,
    level: finding.level ?? 'red',
    content: `危急：${finding.text ?? type}`,
    recipient: { kind: 'ward', name: '呼吸内科一病区', department: '呼吸内科', code: '', phone: '' },
    repeats: earlier.find((alert) => maybeSame(alert, finding))?.id ?? null,
  }
}
type AlertDecision = Extract<FindingDecision, { action: 'alert' }>

export function aStudy(studyInstanceUid: string, facts: Partial<Study> = {}): Study {
  return {
    studyInstanceUid,
    accessionNumber: '',
    patientId: 'P1',
    patientName: '张伟',
    patientSex: 'M',
    patientBirthDate: '19600102',
    patientAge: '066Y',
    studyDate: '20261122',
    studyTime: '073000',
    description: '胸部平扫',
    bodyPart: 'CHEST',
    modalities: ['CT'],
    seriesCount: 1,
    instanceCount: 100,
    series: [],
    ...facts,
  }
}

export function anOrder(accessionNumber: string, facts: Partial<Order> = {}): Order {
  return {
    accessionNumber,
    applicationNumber: `A${accessionNumber}`,
    patientId: 'P1',
    patientName: '张伟',
    patientNamePinyin: 'Zhang Wei',
    sex: 'M',
    birthDate: '19600102',
    patientClass: 'inpatient',
    visitNumber: 'V100',
    ward: '呼吸内科一病区',
    bed: '12',
    phone: '010-5550199',
    itemCode: 'CT001',
    itemName: '胸部CT平扫',
    bodyPart: '胸部',
    modality: 'CT',
    priority: 'routine',
    orderingDoctor: '陈医生',
    orderingDepartment: '呼吸内科',
    clinicalInfo: '胸痛',
    orderedAt: Date.UTC(2026, 10, 21, 22),
    scheduledAt: Date.UTC(2026, 10, 21, 23),
    ...facts,
  }
}

/** The archive's summaries held in memory; pixels are not asked for here. */
function memoryArchive(studies: ReadonlyMap<string, Study>): Archive {
  const unused = () => Promise.reject(new VigilError('study-not-found'))
  return {
    studies: async () => [...studies.values()].map(({ series: _, ...summary }) => summary),
    study: async (uid) => studies.get(uid) ?? Promise.reject(new VigilError('study-not-found')),
    metadata: unused,
    frame: unused,
    store: async () => {},
    broken: () => [{ name: 'broken.dcm', reason: 'not DICOM' }],
    onChange: () => {},
    close: async () => {},
  }
}

async function addAccount(
  { store, clock }: Awaited<ReturnType<typeof openTestFoundation>>,
  id: string,
  roles: readonly Role[],
): Promise<void> {
  await store.db
    .insertInto('accounts')
    .values({
      id,
      login_index: id,
      sealed_login: '',
      sealed_name: '',
      roles: JSON.stringify(roles),
      staff_index: null,
      sealed_staff_number: null,
      clearance: 'general',
      emergency: 0,
      disabled: 0,
      created_at: clock(),
    })
    .onConflict((conflict) => conflict.column('id').doNothing())
    .execute()
}
