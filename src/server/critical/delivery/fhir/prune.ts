type Json = string | number | boolean | null | undefined | readonly Json[] | { readonly [key: string]: Json }
/** A FHIR resource, or a part of one, before it is pruned. */
export type Draft = { readonly [key: string]: Json }

/**
 * FHIR has no empty values (R4, JSON representation: "properties are never empty"): what is empty is left out, with what
 * becomes empty by it. Control characters that a FHIR string may not hold become spaces.
 */
export function prune(draft: Draft): Record<string, unknown> {
  return (pruned(draft) ?? {}) as Record<string, unknown>
}

function pruned(value: Json): unknown {
  if (value === undefined || value === null || value === '') return undefined
  if (typeof value === 'string') {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it replaces
    const text = value.toWellFormed().replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/g, ' ')
    return text.trim() === '' ? undefined : text
  }
  if (Array.isArray(value)) {
    const kept = value.map(pruned).filter((item) => item !== undefined)
    return kept.length > 0 ? kept : undefined
  }
  if (typeof value === 'object') {
    const kept = Object.entries(value)
      .map(([key, inner]) => [key, pruned(inner)] as const)
      .filter(([, inner]) => inner !== undefined)
    return kept.length > 0 ? Object.fromEntries(kept) : undefined
  }
  return value
}
