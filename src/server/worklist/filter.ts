import type { WorklistFilter } from '../../shared/worklist/index.ts'
import type { Exam, Face } from './exam.ts'
import { fold, isFoundBy } from './search-terms.ts'
import { claimNow, faceFor, type View } from './view.ts'

type Test = (exam: Exam, face: Face) => boolean

/**
 * A test for the exams that a filter asks for; null where it asks for all of them. It looks only at what the person may see, so that
 * no filter tells more.
 */
export function matches(filter: WorklistFilter, view: View): ((exam: Exam) => boolean) | null {
  const tests = testsOf(filter, view)
  if (tests.length === 0) return null
  const [only] = tests
  if (only && tests.length === 1) return (exam) => only(exam, faceFor(exam, view))
  return (exam) => {
    const face = faceFor(exam, view)
    for (const test of tests) if (!test(exam, face)) return false
    return true
  }
}

function testsOf(filter: WorklistFilter, view: View): Test[] {
  const tests: Test[] = []
  const { modalities, department, urgent, critical } = filter
  const status = statusTest(filter.status, view)
  if (status) tests.push(status)
  const [from, until] = period(filter, view.now)
  if (from !== null || until !== null)
    tests.push((_, { row: { examAt } }) =>
      examAt === null ? false : examAt >= (from ?? -Infinity) && examAt < (until ?? Infinity),
    )
  if (modalities && modalities.length > 0) {
    const wanted = new Set(modalities)
    tests.push((_, { row }) => wanted.has(row.modality))
  }
  if (urgent !== undefined) tests.push((_, { row }) => (row.priority === 'stat') === urgent)
  if (department) tests.push((_, { row }) => row.orderingDepartment === department)
  const bodyPart = fold(filter.bodyPart ?? '')
  if (bodyPart !== '') tests.push((_, { terms }) => terms.bodyPart.includes(bodyPart))
  if (critical)
    tests.push((_, { row }) => {
      if (!view.alerts) return false
      if (critical === 'suspected') return view.reports && row.suspected > 0
      return (critical === 'any' ? row.criticalAlerts : row.criticalOpen) > 0
    })
  const search = fold(filter.search ?? '')
  // Last: it costs the most.
  if (search !== '') tests.push((_, { terms }) => isFoundBy(terms, search))
  return tests
}

function statusTest(status: WorklistFilter['status'], view: View): Test | null {
  const reported = (...wanted: string[]): Test =>
    view.reports ? (_, { row }) => wanted.includes(row.reportStatus) : () => false
  switch (status) {
    case 'all':
      return null
    case 'not-arrived':
      return (_, { row }) => row.examStatus !== 'arrived'
    case 'to-report':
      // A draft is still to be reported, and so is what was given back: a list of work must not lose what was begun.
      return (_, { row }) =>
        row.examStatus === 'arrived' &&
        (!view.reports || ['none', 'draft', 'rejected'].includes(row.reportStatus))
    case 'to-review':
      return reported('submitted', 'reviewing')
    case 'mine':
      return view.reports
        ? (exam, { row }) => !row.masked && claimNow(exam, view.now)?.accountId === view.accountId
        : () => false
    default:
      return reported(status)
  }
}

/** From included, until not; by the time zone that the gateway runs in. */
function period({ days, from, until }: WorklistFilter, now: number): [number | null, number | null] {
  if (days === undefined) return [from ?? null, until ?? null]
  const [first, end] = [startOfDay(now, 1 - days), startOfDay(now, 1)]
  return [Math.max(first, from ?? first), Math.min(end, until ?? end)]
}

/** Midnight of the day that is so many days after that of `at`. */
export function startOfDay(at: number, daysAfter = 0): number {
  const day = new Date(at)
  return new Date(day.getFullYear(), day.getMonth(), day.getDate() + daysAfter).getTime()
}
