import { expect } from 'vitest'
import type { ComposedGateway } from './composed-gateway.ts'

/** Changes one character in the middle of a base64url value to another. */
export function flipped(value: string): string {
  const middle = Math.floor(value.length / 2)
  return value.slice(0, middle) + (value[middle] === 'A' ? 'B' : 'A') + value.slice(middle + 1)
}

/** Runs `work` with a column's value changed, whatever triggers stand in the way, and puts it and them back. */
export const changer =
  (gateway: Pick<ComposedGateway, 'tamper'>) =>
  async (column: string, row: string, change: (value: string) => string, work: () => Promise<void>) => {
    const [table, name] = column.split('.')
    const triggers = gateway.tamper((database) => {
      const found = database.prepare(
        `select name, sql from sqlite_master where type = 'trigger' and tbl_name = ?`,
      )
      const all = found.all(table) as { name: string; sql: string }[]
      for (const trigger of all) database.exec(`drop trigger ${trigger.name}`)
      return all
    })
    const [rowid, before] = gateway.tamper(
      (database) =>
        database.prepare(`select rowid, ${name} from ${table} where ${row}`).raw().get() as [number, string],
    )
    const write = (value: string) =>
      gateway.tamper((database) =>
        database.prepare(`update ${table} set ${name} = ? where rowid = ?`).run(value, rowid),
      )
    expect(write(change(before)).changes).toBe(1)
    try {
      await work()
    } finally {
      write(before)
      gateway.tamper((database) => {
        for (const { sql } of triggers) database.exec(sql)
      })
    }
  }
