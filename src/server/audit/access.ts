import { type Api, api } from '../../shared/api/index.ts'
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

/** Writes the record of each access that the table of coverage names, and of each change that was refused. */
export interface AccessAudit {
  /**
   * Before an answer leaves. `failure`: what the handler threw, where it did. Of a change that was made nothing is written: its
   * record was committed with it.
   * @throws whatever keeps the record from being written: the answer must not leave then.
   */
  record(route: string, request: AccessRequest, failure?: unknown): Promise<void>
}

export function createAccessAudit(deps: {
  audit: Pick<AuditTrail, 'record' | 'isRefusalRecorded'>
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

  async function refusedChange(
    route: keyof Api,
    action: string,
    request: AccessRequest,
    code: string,
  ): Promise<void> {
    const object = changedBy(route, request.params)
    const key = [request.actor.sessionId ?? request.actor.id, action, object.id, code].join('\n')
    return stretches.once(key, async () => {
      const study = text(request.params, 'study')
      const about = study === undefined ? [] : await aboutStudy(study)
      await audit.record({
        action,
        outcome: outcomeOf(code),
        actor: request.actor,
        object,
        ...(about.length > 0 ? { about } : {}),
        detail: { code, route },
      })
    })
  }

  return {
    async record(route, request, failure) {
      const rule = coverage[route as keyof Api] as (typeof coverage)[keyof Api] | undefined
      const code = failure instanceof VigilError ? failure.code : failure ? 'internal' : undefined
      if (rule?.kind === 'changes') {
        if (code === undefined || audit.isRefusalRecorded()) return
        return refusedChange(route as keyof Api, rule.actions[0] ?? route, request, code)
      }
      if (rule?.kind !== 'access') return
      // Recorded by who refused it.
      if (code === 'study-restricted') return
      const note = async () => {
        const { detail, ...entry } = await entryOf(rule.action, rule.object, request)
        const told = { ...detail, ...(code ? { code } : {}) }
        await audit.record({
          ...entry,
          outcome: outcomeOf(code),
          ...(Object.keys(told).length > 0 ? { detail: told } : {}),
        })
      }
      return stretches.once(keyOf(rule.action, rule.object, request, code), note)
    },
  }
}

const outcomeOf = (code: string | undefined) =>
  code === undefined ? 'success' : code === 'internal' ? 'failed' : 'refused'

/** What a change would have been of, as far as its path says. */
function changedBy(route: keyof Api, params: unknown): { kind: string; id: string } {
  const study = text(params, 'study')
  if (study !== undefined) return { kind: 'study', id: study }
  const alert = text(params, 'alert')
  if (alert !== undefined) return { kind: 'alert', id: alert }
  const id = text(params, 'id')
  const kind = /\/(account|workstation|session)s\/:id/.exec(api[route].path)?.[1]
  return kind && id !== undefined ? { kind, id } : { kind: 'route', id: route }
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
