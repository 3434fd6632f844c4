import { basename } from 'node:path'
import type { BrokenObject, Series, Study, StudySummary } from '../../../shared/study/index.ts'
import { compareInstances, compareSeries, compareStudies } from '../facts/order.ts'
import type { StudyFacts } from '../facts/summary.ts'
import type { UnreadableReason } from '../object/unreadable.ts'
import type { FileState, Inspection } from './inspect.ts'

/** One file of the folder: what it holds, or why it cannot be served. */
export interface CatalogueFile extends FileState {
  path: string
  content: Inspection | UnreadableReason
}

/** Which instances the folder holds, and in which file each is. In memory; the folder is the truth. */
export interface Catalogue {
  /** Enters or replaces a file. Of several files with one SOP Instance UID the first entered is served. */
  put(file: CatalogueFile): void
  remove(path: string): void
  file(path: string): CatalogueFile | undefined
  paths(): string[]
  studies(): StudySummary[]
  study(studyInstanceUid: string): Study | null
  /** The file that holds an instance; null unless the instance is of that very series and study. */
  locate(place: { study: string; series: string; instance: string }): CatalogueFile | null
  broken(): BrokenObject[]
}

type GoodFile = CatalogueFile & { content: Inspection }
const isGood = (file: CatalogueFile | undefined): file is GoodFile =>
  file !== undefined && typeof file.content !== 'string'

export function createCatalogue(): Catalogue {
  const files = new Map<string, CatalogueFile>()
  /** Paths by SOP Instance UID; the first is the one served. */
  const holders = new Map<string, string[]>()
  /** Paths served, by Study Instance UID. */
  const members = new Map<string, Set<string>>()
  const studies = new Map<string, Study>()
  /** Made when first asked for after a change: they are asked for with every look at the worklist. */
  const lists: { studies: StudySummary[] | null; broken: BrokenObject[] | null } = {
    studies: null,
    broken: null,
  }
  const changed = () => {
    lists.studies = null
    lists.broken = null
  }

  const join = (path: string) => {
    const file = files.get(path)
    if (!isGood(file)) return
    const uid = file.content.study.studyInstanceUid
    studies.delete(uid)
    members.set(uid, (members.get(uid) ?? new Set()).add(path))
  }
  const leave = (file: GoodFile) => {
    const uid = file.content.study.studyInstanceUid
    studies.delete(uid)
    members.get(uid)?.delete(file.path)
    if (members.get(uid)?.size === 0) members.delete(uid)
  }
  const remove = (path: string) => {
    changed()
    const file = files.get(path)
    if (isGood(file)) {
      const uid = file.content.instance.sopInstanceUid
      const rest = (holders.get(uid) ?? []).filter((holder) => holder !== path)
      leave(file)
      if (rest.length === 0) holders.delete(uid)
      else holders.set(uid, rest)
      if (rest[0] !== undefined) join(rest[0])
    }
    files.delete(path)
  }
  const served = (file: CatalogueFile) =>
    isGood(file) && holders.get(file.content.instance.sopInstanceUid)?.[0] === file.path
  const studyOf = (uid: string): Study | null => {
    const paths = members.get(uid)
    if (!paths) return null
    const known = studies.get(uid) ?? assemble([...paths].map((path) => files.get(path)).filter(isGood))
    studies.set(uid, known)
    return known
  }

  return {
    put(file) {
      changed()
      const before = files.get(file.path)
      const replacesItself =
        isGood(before) &&
        isGood(file) &&
        before.content.instance.sopInstanceUid === file.content.instance.sopInstanceUid
      if (replacesItself) leave(before)
      else remove(file.path)
      files.set(file.path, file)
      if (!isGood(file)) return
      const uid = file.content.instance.sopInstanceUid
      if (!replacesItself) holders.set(uid, [...(holders.get(uid) ?? []), file.path])
      if (served(file)) join(file.path)
    },
    remove,
    file: (path) => files.get(path),
    paths: () => [...files.keys()],
    studies: () => {
      lists.studies ??= [...members.keys()]
        .map(studyOf)
        .filter((study) => study !== null)
        .map(({ series: _, ...summary }) => summary)
        .sort(compareStudies)
      return lists.studies
    },
    study: studyOf,
    locate({ study, series, instance }) {
      const file = files.get(holders.get(instance)?.[0] ?? '')
      if (!isGood(file)) return null
      const { content } = file
      return content.study.studyInstanceUid === study && content.series.seriesInstanceUid === series
        ? file
        : null
    },
    broken: () => {
      lists.broken ??= [...files.values()]
        .filter((file) => !served(file))
        .map(({ path, content }) => ({
          name: basename(path),
          reason:
            typeof content === 'string' ? content : ('same SOP Instance UID as an earlier file' as const),
        }))
        .sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0))
      return lists.broken
    },
  }
}

function assemble(files: readonly GoodFile[]): Study {
  const bySeries = Map.groupBy(files, ({ content }) => content.series.seriesInstanceUid)
  const ordered = [...bySeries.values()]
    .map((members) => members.sort((a, b) => compareInstances(a.content.instance, b.content.instance)))
    .sort((a, b) => compareSeries(a[0]!.content.series, b[0]!.content.series))
  const series: Series[] = ordered.map((members) => ({
    ...members[0]!.content.series,
    instances: members.map(({ content }) => content.instance),
  }))
  return {
    ...ordered.map((members) => members[0]!.content.study).reduceRight(overlay),
    modalities: [...new Set(series.map(({ modality }) => modality).filter(Boolean))].sort(),
    seriesCount: series.length,
    instanceCount: files.length,
    series,
  }
}

/** What the earlier series' first object leaves empty, the later one's may say. */
function overlay(later: StudyFacts, earlier: StudyFacts): StudyFacts {
  const said = Object.entries(earlier).filter(([, value]) => value !== '')
  return { ...later, ...Object.fromEntries(said) }
}
