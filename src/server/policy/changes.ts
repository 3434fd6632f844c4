type Value = string | number | boolean | null

/** Each parameter that differs, by its path: `password.minLength` → `{ from: 10, to: 12 }`. */
export function changedParameters(before: object, after: object): Record<string, { from: Value; to: Value }> {
  const was = parametersOf(before)
  const is = parametersOf(after)
  const changes: Record<string, { from: Value; to: Value }> = {}
  for (const path of new Set([...was.keys(), ...is.keys()])) {
    const change = { from: was.get(path) ?? null, to: is.get(path) ?? null }
    if (change.from !== change.to) changes[path] = change
  }
  return changes
}

function parametersOf(policy: object, prefix = ''): Map<string, Value> {
  const found = new Map<string, Value>()
  for (const [key, value] of Object.entries(policy)) {
    if (typeof value === 'object' && value !== null) {
      for (const [path, inner] of parametersOf(value, `${prefix}${key}.`)) found.set(path, inner)
    } else found.set(prefix + key, value as Value)
  }
  return found
}
