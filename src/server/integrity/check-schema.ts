import type { Database } from 'better-sqlite3'
import { CompiledQuery } from 'kysely'
import { openStore } from '../store/index.ts'
import type { Finding } from './check-tables.ts'

type Objects = ReadonlyMap<string, string | null>

/**
 * What the database is made of (tables, indexes, triggers) must be what the migrations make: a column that was renamed, a guard that
 * was taken away, an index that leaves rows out is told though no row was touched.
 * @returns a function over a database; what is expected is made once, of an empty database in memory.
 */
export function createSchemaCheck(): (snapshot: Database) => Promise<Finding[]> {
  let expected: Promise<Objects> | null = null
  return async (snapshot) => {
    expected ??= madeByMigrations()
    const wanted = await expected
    const here = objectsOf(snapshot)
    const place = (name: string) => {
      const [type = '', object = ''] = name.split(' ')
      return { table: 'schema', column: type, row: object }
    }
    return [
      ...[...wanted].flatMap(([name, sql]): Finding[] => {
        if (!here.has(name)) return [{ place: place(name), what: 'missing' }]
        return here.get(name) === sql ? [] : [{ place: place(name), what: 'changed' }]
      }),
      ...[...here.keys()].flatMap((name): Finding[] =>
        wanted.has(name) ? [] : [{ place: place(name), what: 'added' }],
      ),
    ]
  }
}

async function madeByMigrations(): Promise<Objects> {
  const store = await openStore(':memory:')
  try {
    const { rows } = await readObjects(store)
    return new Map(rows.map(({ name, sql }) => [name, sql]))
  } finally {
    await store.close()
  }
}

const query = `select type || ' ' || name as name, sql from main.sqlite_schema
  where name not like 'sqlite\\_s%' escape '\\'`

interface NamedObject {
  name: string
  sql: string | null
}

function objectsOf(snapshot: Database): Objects {
  return new Map((snapshot.prepare(query).all() as NamedObject[]).map(({ name, sql }) => [name, sql]))
}

const readObjects = ({ db }: Awaited<ReturnType<typeof openStore>>) =>
  db.executeQuery<NamedObject>(CompiledQuery.raw(query))
