/** What SQLite hands over and takes. */
export type Value = string | number | bigint | null | Uint8Array

/** How a table's rows are written down to be authenticated: table, names of the columns in order, values. No two rows give the same. */
export function rowContent(table: string, columns: readonly string[]): (values: readonly Value[]) => string {
  const prefix = JSON.stringify([table, columns])
  return (values) => prefix + JSON.stringify(values, told)
}

/** JSON keeps apart texts, numbers and null; bytes and large integers get a form that no text or number has. */
function told(_key: string, value: unknown): unknown {
  if (typeof value === 'bigint') return { integer: value.toString() }
  if (value instanceof Uint8Array) return { bytes: Buffer.from(value).toString('base64') }
  // Buffers reach a replacer already as what their toJSON gives.
  const bytes = value as { type?: unknown; data?: unknown } | null
  if (typeof bytes === 'object' && bytes?.type === 'Buffer' && Array.isArray(bytes.data))
    return { bytes: Buffer.from(bytes.data as number[]).toString('base64') }
  return value
}
