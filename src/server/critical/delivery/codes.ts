import type { CodeTables } from '../../config/index.ts'

type TableName = keyof CodeTables

/** Tables that hold for a form (HL7's own, say) where a target's configuration does not say otherwise. */
export type DefaultCodes = { readonly [T in TableName]?: Readonly<Record<string, string>> }

/** Our value as the other side writes it. */
export type CodeMapping = (table: TableName, value: string) => string

/**
 * The one place where codes are mapped, for every adapter. A value is looked for in the target's table, then under its
 * `'*'` (which is not for an empty value), then in the same way in the form's own table; what nobody names goes out as it is.
 */
export function codeMapping(configured: CodeTables, defaults: DefaultCodes = {}): CodeMapping {
  return (table, value) => mapped(configured[table], value) ?? mapped(defaults[table], value) ?? value
}

function mapped(table: Readonly<Record<string, string>> | undefined, value: string): string | undefined {
  if (!table) return undefined
  if (Object.hasOwn(table, value)) return table[value]
  return value !== '' && Object.hasOwn(table, '*') ? table['*'] : undefined
}
