import type { Clock } from '../../../shared/time/clock.ts'
import type { TokenDriver } from '../driver.ts'
import { joinDrivers } from '../join.ts'
import type { HostTimeLimits } from './client.ts'
import { createModuleDriver } from './module-driver.ts'
import type { PolicyReading } from './policy.ts'
import type { SpawnHost } from './spawn.ts'
import type { ModuleProblem } from './supervisor.ts'

export interface Pkcs11Options {
  policy: PolicyReading
  spawn: SpawnHost
  clock: Clock
  /** Told when a host was lost or replaced, or a module is left out. `label` is the policy's own name for it. */
  onProblem(problem: ModuleProblem, label: string): void
  limits?: HostTimeLimits
  pollMs?: number
  mostGrowth?: number
  restMs?: number
}

export interface Pkcs11Driver extends TokenDriver {
  /** The host processes of each allowed module, in the policy's order. */
  pids(): { holder: number | undefined; scout: number | undefined }[]
}

/**
 * USB keys over the vendors' PKCS#11 libraries, each in a process of its own: one that hangs, crashes or leaks is no
 * matter to the others. With no allowed module no process is started.
 */
export function createPkcs11Driver(options: Pkcs11Options): Pkcs11Driver {
  const { policy, onProblem } = options
  const modules = policy.allowed.map((module) =>
    createModuleDriver({
      module,
      spawn: options.spawn,
      clock: options.clock,
      limits: options.limits ?? { startMs: 15_000, listMs: 5_000, signMs: 30_000 },
      pollMs: options.pollMs ?? 700,
      mostGrowth: options.mostGrowth ?? 256 * 1024 * 1024,
      restMs: options.restMs ?? 60_000,
      onProblem: (problem) => onProblem(problem, module.label),
    }),
  )
  return {
    ...joinDrivers(modules),
    modules: async () => ({
      problem: policy.problem,
      modules: [
        ...(await Promise.all(modules.map((module) => module.state()))),
        ...policy.disabled.map(({ label, path }) => ({ label, path, state: 'disabled' as const })),
      ],
    }),
    pids: () => modules.map((module) => module.pids()),
  }
}
