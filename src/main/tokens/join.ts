import { VigilError } from '../../shared/errors/index.ts'
import type { Token } from '../../shared/ipc/index.ts'
import type { TokenDriver } from './driver.ts'

/** How long tokens that are there wait to be shown for a driver that has not answered yet. */
const slowMs = 1_000

/** Several kinds of token as one: a driver that fails or hangs does not hide the others' tokens. */
export function joinDrivers(drivers: readonly TokenDriver[]): TokenDriver {
  const latest = drivers.map(() => [] as Token[])

  /** The driver that has the token answers; one that says `token-absent` has shown the PIN to nothing. */
  async function ofOne<T>(ask: (driver: TokenDriver) => Promise<T>): Promise<T> {
    for (const driver of drivers) {
      try {
        return await ask(driver)
      } catch (error) {
        if (!(error instanceof VigilError && error.code === 'token-absent')) throw error
      }
    }
    throw new VigilError('token-absent')
  }

  return {
    list: () => allOf(drivers.map((driver) => driver.list())),
    sign: (request) => ofOne((driver) => driver.sign(request)),
    changePin: (request) => ofOne((driver) => driver.changePin(request)),
    async modules() {
      const reports = await Promise.all(drivers.map((driver) => driver.modules()))
      return {
        problem: reports.find(({ problem }) => problem)?.problem ?? null,
        modules: reports.flatMap(({ modules }) => modules),
      }
    },
    watch(listener) {
      const stops = drivers.map((driver, index) =>
        driver.watch(({ tokens, removed }) => {
          latest[index] = tokens
          listener({ tokens: latest.flat(), removed })
        }),
      )
      return () => {
        for (const stop of stops) stop()
      }
    },
    async close() {
      await Promise.all(drivers.map((driver) => driver.close()))
    },
  }
}

/** Every list that comes; as soon as one token is there, the lists still missing get a second more. */
function allOf(lists: Promise<Token[]>[]): Promise<Token[]> {
  const { promise, resolve } = Promise.withResolvers<Token[]>()
  const found = lists.map(() => [] as Token[])
  const finish = () => resolve(found.flat())
  let timer: NodeJS.Timeout | undefined
  const answers = lists.map(async (list, index) => {
    const tokens = await list.catch(() => [])
    found[index] = tokens
    if (tokens.length > 0) timer ??= setTimeout(finish, slowMs)
  })
  void Promise.all(answers).then(() => {
    clearTimeout(timer)
    finish()
  })
  return promise
}
