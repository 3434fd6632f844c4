import { VigilError } from '../../shared/errors/index.ts'
import type { TokenDriver } from './driver.ts'

export type { TokenChange, TokenDriver, TokenSignature } from './driver.ts'
export { createPkcs11Driver } from './pkcs11/driver.ts'
export { type PolicyReading, readPolicy } from './pkcs11/policy.ts'
export { forkHost, type HostProcess, type SpawnHost } from './pkcs11/spawn.ts'
export { createPkcs12Driver } from './pkcs12/driver.ts'

/** Several kinds of token as one: a driver that fails does not hide the others' tokens. */
export function joinDrivers(drivers: readonly TokenDriver[]): TokenDriver {
  const latest = drivers.map(() => [] as Awaited<ReturnType<TokenDriver['list']>>)

  return {
    async list() {
      const lists = await Promise.all(drivers.map((driver) => driver.list().catch(() => [])))
      return lists.flat()
    },
    async sign(request) {
      let failure: unknown = new VigilError('token-absent')
      for (const driver of drivers) {
        try {
          return await driver.sign(request)
        } catch (error) {
          // Not this driver's token, or not to be told: the next one is asked, and shows the PIN to nothing it does not have.
          if (!(error instanceof VigilError && error.code === 'token-absent')) failure = error
        }
      }
      throw failure
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
