import { z } from 'zod'
import { CriticalDictionary, FindingGrade, ReportSection } from '../critical/model.ts'
import type { Route } from './route.ts'

const done = z.object({})
const manage = { principal: 'session', permission: 'dictionary.manage' } as const
const versionParams = z.object({ version: z.string().min(1).max(32) })
const contentLimit = 8_388_608

/** What a dictionary version holds, without its name. */
export const DictionaryContent = CriticalDictionary.omit({ version: true })
export type DictionaryContent = z.infer<typeof DictionaryContent>

/**
 * Draft: being written. Tested: a dry run over past reports was made of exactly this content. Published: approved by a
 * second person; the newest published one is in force. There is one draft (or tested) version at a time.
 */
export const DictionaryVersion = z.object({
  version: z.string(),
  state: z.enum(['draft', 'tested', 'published', 'discarded']),
  /** Rises with each save; a change made from another one is `conflict`. */
  revision: z.int(),
  /** The version it was made from; empty for the first. */
  base: z.string(),
  note: z.string(),
  createdAt: z.number(),
  createdBy: z.string(),
  changedAt: z.number(),
  /** Who wrote at it; none of them may approve it. */
  editors: z.array(z.object({ accountId: z.string(), name: z.string() })),
  testedAt: z.number().nullable(),
  testedBy: z.string(),
  publishedAt: z.number().nullable(),
  approvedBy: z.string(),
  entries: z.int(),
  terms: z.int(),
})
export type DictionaryVersion = z.infer<typeof DictionaryVersion>

/** A finding that one version needs a decision on and the other does not. */
export const DryRunHit = z.object({
  reportId: z.string(),
  studyInstanceUid: z.string(),
  accessionNumber: z.string(),
  signedAt: z.number(),
  modality: z.string(),
  type: z.string(),
  typeName: z.string(),
  term: z.string(),
  grade: FindingGrade,
  section: ReportSection,
  /** The sentence, and where the term stands in it (UTF-16, end exclusive). */
  excerpt: z.string(),
  start: z.int(),
  end: z.int(),
})
export type DryRunHit = z.infer<typeof DryRunHit>

/** A comparison of the draft with what is in force, over signed reports. */
export const DryRun = z.object({
  id: z.string(),
  state: z.enum(['running', 'done', 'failed']),
  revision: z.int(),
  months: z.int(),
  scanned: z.int(),
  total: z.int(),
  /** At most 500 of each; the counts are whole. */
  fires: z.array(DryRunHit),
  stops: z.array(DryRunHit),
  firesCount: z.int(),
  stopsCount: z.int(),
  /** By type: needs a decision before, and after. */
  byType: z.array(z.object({ type: z.string(), typeName: z.string(), before: z.int(), after: z.int() })),
})
export type DryRun = z.infer<typeof DryRun>

/** The dictionary: what is in force, and how it is changed. */
export const dictionaryApi = {
  dictionary: {
    method: 'GET',
    path: '/v1/critical/dictionary',
    principal: 'session',
    permission: 'dictionary.read',
    response: CriticalDictionary,
  },
  /** Newest first. */
  dictionaryVersions: {
    method: 'GET',
    path: '/v1/critical/dictionary/versions',
    ...manage,
    response: z.object({ versions: z.array(DictionaryVersion), inForce: z.string() }),
  },
  dictionaryVersion: {
    method: 'GET',
    path: '/v1/critical/dictionary/versions/:version',
    ...manage,
    params: versionParams,
    response: z.object({ version: DictionaryVersion, content: DictionaryContent }),
  },
  /** A new draft with the content of the version in force, or of `from`. `conflict` where there is a draft already. */
  beginDictionaryDraft: {
    method: 'POST',
    path: '/v1/critical/dictionary/draft',
    ...manage,
    body: z.strictObject({ from: z.string().max(32).optional() }),
    response: DictionaryVersion,
  },
  /** Back to `draft` where it was tested. */
  saveDictionaryDraft: {
    method: 'PUT',
    path: '/v1/critical/dictionary/draft',
    ...manage,
    body: z.strictObject({
      baseRevision: z.int(),
      content: DictionaryContent,
      note: z.string().trim().max(200).default(''),
    }),
    bodyLimit: contentLimit,
    response: DictionaryVersion,
  },
  discardDictionaryDraft: {
    method: 'DELETE',
    path: '/v1/critical/dictionary/draft',
    ...manage,
    response: done,
  },
  /** Begins a dry run of the draft over the last `months` of signed reports; the draft is `tested` once it is done. */
  beginDryRun: {
    method: 'POST',
    path: '/v1/critical/dictionary/dry-run',
    ...manage,
    body: z.strictObject({ revision: z.int(), months: z.int().min(1).max(60) }),
    response: DryRun,
  },
  /** The last dry run; `not-found` where there was none. */
  dryRun: { method: 'GET', path: '/v1/critical/dictionary/dry-run', ...manage, response: DryRun },
  /** By somebody who did not write at it: `second-person-required` otherwise. Only what was tested: `dictionary-untested`. */
  publishDictionary: {
    method: 'POST',
    path: '/v1/critical/dictionary/publish',
    ...manage,
    body: z.strictObject({ revision: z.int() }),
    response: DictionaryVersion,
  },
} as const satisfies Record<string, Route>
