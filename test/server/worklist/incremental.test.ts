import { describe, expect, it } from 'vitest'
import type { KeptOrder } from '../../../src/server/orders/index.ts'
import type { ReportSummary } from '../../../src/server/reports/index.ts'
import { createExams, type ExamLabels, noExamLabels } from '../../../src/server/worklist/exams.ts'
import { createOrderings, type OrderingView } from '../../../src/server/worklist/orderings.ts'
import { compileRules, LabelRules, openingOf, Sensitivity } from '../../../src/shared/access/index.ts'
import { SecurityPolicy } from '../../../src/shared/policy/index.ts'
import type { StudySummary } from '../../../src/shared/study/index.ts'
import { WorklistSort } from '../../../src/shared/worklist/index.ts'
import { anOrder, aStudy } from '../reports/reading-room.ts'

/** Mulberry32: the same run for the same seed. */
function seeded(seed: number) {
  let state = seed
  const next = () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
  const pick = <T>(from: readonly T[]): T => from[Math.floor(next() * from.length)]!
  return { next, pick, chance: (share: number) => next() < share }
}
type Random = ReturnType<typeof seeded>

/** Few names for many things, so that they meet: accession numbers, studies and patients that are shared, swapped and merged. */
const patients = ['P1', 'P2', 'P3', '']
const accessions = ['A0', 'A1', 'A2', 'A3', 'A4', '']
const uids = ['1.1', '1.2', '1.3', '1.4']
const names = ['张三', '李四', 'Zhang^Wei', '欧阳思雨', '']

interface World {
  orders: Map<string, KeptOrder>
  studies: Map<string, StudySummary>
  standings: Map<string, Parameters<ReturnType<typeof createExams>['putStanding']>[1]>
  merged: Set<string>
  names: Map<string, string>
  labels: ExamLabels
}

/** An accession number is one order's for ever. */
function anyOrder(number: number, { pick, chance, next }: Random): KeptOrder {
  const order = anOrder(`A${number}`, {
    patientId: pick(patients) || 'P9',
    patientName: pick(names) || '王五',
    priority: pick(['stat', 'routine'] as const),
    scheduledAt: Math.floor(next() * 1e6),
    orderedAt: Math.floor(next() * 3),
    ...(chance(0.5) ? { studyInstanceUid: pick(uids) } : {}),
    ...(chance(0.4) ? { sensitivity: pick(Sensitivity.options) } : {}),
  })
  return {
    order,
    source: pick(['typed', 'feed', 'file'] as const),
    examDoneAt: chance(0.3) ? 5 : null,
    cancelledAt: chance(0.2) ? 7 : null,
  }
}

function anyReport({ pick }: Random): ReportSummary {
  return {
    status: pick(['none', 'draft', 'submitted', 'reviewing', 'rejected', 'signed'] as const),
    writtenBy: pick(['li', 'wang', '']),
    reviewedBy: pick(['li', 'wang', '']),
    holder: pick(['li', 'wang', null]),
    heldSince: 3,
    suspected: pick([0, 1, 2]),
    signedAt: pick([null, 5]),
  }
}

/** One thing that happens: told to the exams, and written into the world that they are built from anew. */
function happen(world: World, exams: ReturnType<typeof createExams>, random: Random): void {
  const { pick, chance, next } = random
  const acts = [
    () => {
      const number = Math.floor(next() * 6)
      const id = `o${number}`
      const order = chance(0.15) ? null : anyOrder(number, random)
      if (order) world.orders.set(id, order)
      else world.orders.delete(id)
      exams.putOrder(id, order)
    },
    () => {
      const uid = pick(uids)
      const { series: _, ...summary } = aStudy(uid, {
        accessionNumber: pick(accessions),
        patientId: pick(patients),
        patientName: pick(names),
      })
      const study = chance(0.2) ? null : summary
      if (study) world.studies.set(uid, study)
      else world.studies.delete(uid)
      exams.putStudy(uid, study)
    },
    () => {
      const index = `i${pick(uids)}`
      const standing = {
        ...(chance(0.6) ? { report: anyReport(random) } : {}),
        ...(chance(0.4) ? { alerts: { alerts: 2, open: pick([0, 1]) } } : {}),
        ...(chance(0.4) ? { claim: { accountId: 'li', since: 1, until: 9 } } : {}),
        ...(chance(0.4) ? { label: pick(Sensitivity.options) } : {}),
      }
      world.standings.set(index, standing)
      exams.putStanding(index, standing)
    },
    () => {
      world.merged = new Set(patients.filter((id) => id !== '' && chance(0.4)))
      exams.putMerges(sameIn(world))
    },
    () => {
      world.names = new Map([
        ['li', pick(['李医师', '李主任'])],
        ['wang', '王医师'],
      ])
      exams.putNames(world.names)
    },
    () => {
      world.labels = anyLabels(random)
      exams.putLabels(world.labels)
    },
  ]
  pick(acts)()
}

const { access: terms } = SecurityPolicy.parse({})

/** Rules and hand-given labels of patients and reports, as the officer might have them at any time. */
function anyLabels({ pick, chance }: Random): ExamLabels {
  const rule = { id: 'vip', name: 'VIP', active: chance(0.8), label: 'sensitive' as const }
  const rules = chance(0.7)
    ? [
        { ...rule, kind: 'patient' as const, ids: [pick(['P1', 'P2', 'P3'])], names: [] },
        { ...rule, id: 'name', kind: 'patient' as const, ids: [], names: [pick(['李四', '张三'])] },
      ]
    : []
  const fields = chance(0.3) ? { patientName: 'sensitive', patientId: pick(Sensitivity.options) } : {}
  const [patient, label] = [pick(patients), pick(Sensitivity.options)]
  return {
    rules: compileRules(LabelRules.parse({ rules, fields })),
    ofPatient: (patientId) => (patientId !== '' && patientId === patient ? label : 'general'),
    ofReports: new Map(chance(0.5) ? [[`i${pick(uids)}`, pick(Sensitivity.options)]] : []),
  }
}

const sameIn =
  ({ merged }: World) =>
  (a: string, b: string) =>
    a === b || (merged.has(a) && merged.has(b))

function rebuilt(world: World) {
  const exams = createExams((uid) => `i${uid}`)
  exams.putNames(world.names)
  exams.putMerges(sameIn(world))
  exams.putLabels(world.labels)
  for (const [index, standing] of world.standings) exams.putStanding(index, standing)
  for (const [id, order] of [...world.orders].reverse()) exams.putOrder(id, order)
  for (const [uid, study] of [...world.studies].reverse()) exams.putStudy(uid, study)
  exams.settle()
  return exams
}

const shown = (exams: Iterable<{ id: string }>) =>
  [...exams].sort((a, b) => (a.id < b.id ? -1 : 1)).map((exam) => structuredClone(exam))

const orderingView = (clearance: Sensitivity, reports: boolean): OrderingView => ({
  clearance,
  openings: Object.fromEntries(
    Sensitivity.options.map((label) => [label, openingOf(label, clearance, 9, terms)]),
  ) as OrderingView['openings'],
  reader: { accountId: null, reports, makesExams: !reports, oversees: false },
  today: 5e5,
  relationshipDays: 30,
  reports,
  alerts: reports,
  recentFrom: 5e5,
})
const views: OrderingView[] = Sensitivity.options.flatMap((clearance) =>
  [true, false].map((reports) => orderingView(clearance, reports)),
)

describe('the worklist kept up by changes is the worklist made anew', () => {
  it.each([1, 2, 3, 4, 5, 6, 7, 8])('whatever happens in whatever order (seed %i)', (seed) => {
    const random = seeded(seed)
    const world: World = {
      orders: new Map(),
      studies: new Map(),
      standings: new Map(),
      merged: new Set(),
      names: new Map(),
      labels: noExamLabels,
    }
    const exams = createExams((uid) => `i${uid}`)
    const orderings = createOrderings(() => exams.all())
    const sorts = WorklistSort.shape.column.options.map((column) => ({
      column,
      direction: random.pick(['ascending', 'descending'] as const),
    }))
    for (let step = 0; step < 250; step++) {
      for (let left = random.pick([1, 1, 2, 5]); left > 0; left--) happen(world, exams, random)
      const { removed, added } = exams.settle()
      orderings.replace(removed, added)
      const fresh = rebuilt(world)
      expect(shown(exams.all()), `step ${step}`).toEqual(shown(fresh.all()))
      for (const exam of exams.all()) {
        const others = (of: typeof exams) => {
          const same = of.ofStudy(exam.id)
          return same
            ? of
                .othersOf(same)
                .map(({ id }) => id)
                .sort()
            : []
        }
        expect(others(exams)).toEqual(others(fresh))
      }
      const sort = random.pick(sorts)
      const view = random.pick(views)
      const anew = createOrderings(() => fresh.all())
      const order = (of: typeof orderings) => of.of(sort, view).map(({ exam }) => exam.id)
      expect(order(orderings), `${sort.column} at ${step}`).toEqual(order(anew))
    }
  })
})
