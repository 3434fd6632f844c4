import { createHash } from 'node:crypto'
import type { Api } from '../../shared/api/index.ts'
import { VigilError } from '../../shared/errors/index.ts'
import type { Clock } from '../../shared/time/clock.ts'
import { type AccessObject, coverage } from './coverage.ts'
import type { AuditEntry, AuditTrail } from './index.ts'
import { createStretches } from './stretches.ts'

/** What was asked, as the listener knows it: validated. */
export interface AccessRequest {
  actor: AuditEntry['actor']
  params: unknown
  query: unknown
  body: unknown
}

/** Writes the record of each access that the table of coverage names. */
export interface AccessAudit {
  /**
   * Before an answer leaves. `failure`: what the handler threw, where it did.
   * @throws whatever keeps the record from being written: the answer must not leave then.
   */
  record(route: string, request: AccessRequest, failure?: unknown): Promise<void>
}

export function createAccessAudit(deps: {
  audit: Pick<AuditTrail, 'record'>
  clock: Clock
  /** The report's id, which follows from its study. */
  reportIdOf(studyInstanceUid: string): string
  /** Whose study it is, and of which order: blind indexes. */
  aboutStudy(studyInstanceUid: string): Promise<NonNullable<AuditEntry['about']>>
}): AccessAudit {
  const { audit, clock, reportIdOf, aboutStudy } = deps
  const stretches = createStretches(clock)

  async function entryOf(
    action: string,
    object: AccessObject,
    request: AccessRequest,
  ): Promise<Omit<AuditEntry, 'outcome'>> {
    const { actor } = request
    const study = text(request.params, 'study') ?? text(request.query, 'study')
    const about =
      study === undefined ? [] : [{ kind: 'study' as const, id: study }, ...(await aboutStudy(study))]
    const base = { action, actor, ...(about.length > 0 ? { about } : {}) }
    const of = (kind: string, id: string | undefined) =>
      id === undefined ? base : { ...base, object: { kind, id } }
    switch (object) {
      case 'study':
        return of('study', study)
      case 'report':
        return of('report', study === undefined ? undefined : reportIdOf(study))
      case 'report-id':
        return of('report', text(request.params, 'report'))
      case 'alert':
        return of('alert', text(request.params, 'alert'))
      case 'document':
        return of('audit-report', text(request.params, 'id'))
      case 'worklist': {
        const { search } = searchedBy(request.body)
        return search === undefined
          ? base
          : { ...base, action: 'worklist.searched', detail: { by: { search } } }
      }
      case 'search':
        return { ...base, detail: { by: searchedBy(request.body) } }
      case 'list':
        return base
    }
  }

  return {
    async record(route, request, failure) {
      const rule = coverage[route as keyof Api] as (typeof coverage)[keyof Api] | undefined
      if (rule?.kind !== 'access') return
      // Recorded by who refused it.
      if (failure instanceof VigilError && failure.code === 'study-restricted') return
      const code = failure instanceof VigilError ? failure.code : failure ? 'internal' : undefined
      const note = async () => {
        const { detail, ...entry } = await entryOf(rule.action, rule.object, request)
        const told = { ...detail, ...(code ? { code } : {}) }
        await audit.record({
          ...entry,
          outcome: code === undefined ? 'success' : code === 'internal' ? 'failed' : 'refused',
          ...(Object.keys(told).length > 0 ? { detail: told } : {}),
        })
      }
      if (rule.each === 'call') return note()
      return stretches.once(keyOf(rule.action, rule.object, request, code), note)
    },
  }
}

/** The same session doing the same to the same. A search is the same while it looks for the same. */
function keyOf(action: string, object: AccessObject, request: AccessRequest, code = ''): string {
  const { actor, params, query, body } = request
  const of =
    object === 'study' || object === 'report'
      ? (text(params, 'study') ?? text(query, 'study') ?? '')
      : object === 'alert'
        ? (text(params, 'alert') ?? '')
        : object === 'search'
          ? digest(searchedBy(body))
          : object === 'worklist'
            ? digest(searchedBy(body).search ?? '')
            : ''
  return [actor.sessionId ?? actor.id, action, of, code].join('\n')
}

const digest = (value: unknown): string =>
  createHash('sha256').update(JSON.stringify(value)).digest('base64url')

/** The conditions that a list is asked by; not how it is sorted, nor which page of it. */
function searchedBy(body: unknown): Record<string, unknown> {
  const {
    filter,
    sort: _,
    offset: __,
    limit: ___,
    order: ____,
    after: _____,
    ...rest
  } = (body ?? {}) as Record<string, unknown>
  const conditions = { ...rest, ...(filter && typeof filter === 'object' ? filter : {}) }
  return Object.fromEntries(
    Object.entries(conditions).filter(
      ([, value]) =>
        value !== undefined &&
        value !== '' &&
        value !== 'all' &&
        !(Array.isArray(value) && value.length === 0),
    ),
  )
}

function text(of: unknown, name: string): string | undefined {
  const value = (of as Record<string, unknown> | undefined)?.[name]
  return typeof value === 'string' ? value : undefined
}
