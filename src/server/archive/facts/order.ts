import type { Instance, Series, StudySummary } from '../../../shared/study/index.ts'

const byNumber = (a: number | null, b: number | null) =>
  (a ?? Number.POSITIVE_INFINITY) === (b ?? Number.POSITIVE_INFINITY)
    ? 0
    : (a ?? Number.POSITIVE_INFINITY) - (b ?? Number.POSITIVE_INFINITY)
const byText = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)

/** Newest study first. */
export function compareStudies(a: StudySummary, b: StudySummary): number {
  return (
    byText(b.studyDate + b.studyTime, a.studyDate + a.studyTime) ||
    byText(a.studyInstanceUid, b.studyInstanceUid)
  )
}

/** By series number, the unnumbered last. */
export function compareSeries(a: Omit<Series, 'instances'>, b: Omit<Series, 'instances'>): number {
  return byNumber(a.seriesNumber, b.seriesNumber) || byText(a.seriesInstanceUid, b.seriesInstanceUid)
}

/** By instance number, the unnumbered last. */
export function compareInstances(a: Instance, b: Instance): number {
  return byNumber(a.instanceNumber, b.instanceNumber) || byText(a.sopInstanceUid, b.sopInstanceUid)
}
