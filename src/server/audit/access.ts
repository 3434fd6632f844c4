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
      case 'alert':
        return of('alert', text(request.params, 'alert'))
      case 'worklist': {
        const search = searchIn(request.body)
        return search === undefined
          ? base
          : { ...base, action: 'worklist.searched', detail: { by: { search } } }
      }
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

/** The same session doing the same to the same; a search is the same while it looks for the same. */
function keyOf(action: string, object: AccessObject, request: AccessRequest, code = ''): string {
  const { actor, params, query, body } = request
  const of = {
    study: text(params, 'study') ?? text(query, 'study'),
    report: text(params, 'study'),
    alert: text(params, 'alert'),
    worklist: searchIn(body),
    list: undefined,
  }[object]
  return [actor.sessionId ?? actor.id, action, of ?? '', code].join('\n')
}

/** The name or identifier that a worklist is searched by. */
const searchIn = (body: unknown): string | undefined =>
  text((body as { filter?: unknown } | undefined)?.filter, 'search') || undefined

function text(of: unknown, name: string): string | undefined {
  const value = (of as Record<string, unknown> | undefined)?.[name]
  return typeof value === 'string' ? value : undefined
}
