import { SecurityPolicy } from '../../../shared/policy/index.ts'
import { type Bound, type Parameter, parameters } from './parameters.ts'

/** Undefined: the parameter is left out, which only optional ones are. */
export type Value = number | string | boolean | undefined

export interface Change {
  parameter: Parameter
  from: Value
  to: Value
}

/** What was typed or chosen, by path; a number stays the text that it was typed as. */
export type Drafts = Readonly<Record<string, string | boolean>>

export function valueAt(policy: unknown, path: string): Value {
  const value = path
    .split('.')
    .reduce<unknown>((at, key) => (at as Record<string, unknown> | undefined)?.[key], policy)
  return value as Value
}

/** A value as it is typed in a field. */
export function typedText(value: Value): string {
  return value === undefined ? '' : String(value)
}

/** What separates two policies, in the order of the editor. */
export function changesBetween(from: SecurityPolicy, to: SecurityPolicy): Change[] {
  return parameters.flatMap((parameter) => {
    const change = { parameter, from: valueAt(from, parameter.path), to: valueAt(to, parameter.path) }
    return change.from === change.to ? [] : [change]
  })
}

/** Whether a change makes the policy stricter; null where the parameter knows no stricter. */
export function isStricter({ parameter: { stricter }, from, to }: Change): boolean | null {
  if (stricter === undefined) return null
  if (typeof stricter !== 'string') return stricter.indexOf(String(to)) > stricter.indexOf(String(from))
  const open = stricter === 'lower' ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY
  const [a, b] = [from, to].map((value) => (typeof value === 'number' ? value : open)) as [number, number]
  return stricter === 'higher' ? b > a : b < a
}

export interface Drafted {
  /** Null while something typed breaks the policy's schema. */
  policy: SecurityPolicy | null
  changes: Change[]
  /** Paths whose value cannot stand. */
  mistakes: ReadonlySet<string>
}

/** The policy in force with the drafts put in, checked by the schema that the gateway checks with. */
export function drafted(base: SecurityPolicy, drafts: Drafts, bounds: ReadonlyMap<string, Bound>): Drafted {
  const next: unknown = structuredClone(base)
  for (const [path, typed] of Object.entries(drafts))
    put(next, path, typedValue(path, typed, bounds.get(path)))
  const parsed = SecurityPolicy.safeParse(next)
  if (parsed.success) {
    return { policy: parsed.data, changes: changesBetween(base, parsed.data), mistakes: new Set() }
  }
  return {
    policy: null,
    changes: changesBetween(base, next as SecurityPolicy),
    mistakes: new Set(parsed.error.issues.map(({ path }) => fieldOf(path.join('.')))),
  }
}

/** Drafts that say something else than the policy in force. */
export function openDrafts(base: SecurityPolicy, drafts: Drafts): Drafts {
  return Object.fromEntries(
    Object.entries(drafts).filter(([path, typed]) => String(typed).trim() !== typedText(valueAt(base, path))),
  )
}

/** The rule over the caps as a whole is told at the one that is too many. */
function fieldOf(path: string): string {
  return path === 'session.caps' ? 'session.caps.emergencyPlaces' : path
}

const optional = new Set(parameters.filter((each) => each.optional).map(({ path }) => path))

function typedValue(path: string, typed: string | boolean, bound: Bound | undefined): Value {
  if (typeof typed === 'boolean' || bound?.kind !== 'number') return typed
  const text = typed.trim()
  // Left empty, a parameter that must stand would take its default without a word.
  if (text === '') return optional.has(path) ? undefined : Number.NaN
  const value = /^\d{1,9}(\.\d{1,3})?$/.test(text) ? Number(text) : Number.NaN
  return value >= bound.least ? value : Number.NaN
}

function put(policy: unknown, path: string, value: Value) {
  const keys = path.split('.')
  const last = keys.pop() ?? ''
  const holder = keys.reduce(
    (at, key) => at[key] as Record<string, unknown>,
    policy as Record<string, unknown>,
  )
  if (value === undefined) delete holder[last]
  else holder[last] = value
}
