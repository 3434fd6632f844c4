import type { PolicyVersion } from '../../shared/api/index.ts'
import type { Foundation } from '../foundation.ts'
import { auditActor, type Handlers } from '../http/index.ts'
import type { Names } from './names.ts'

/** The security policy and who changed it. The first version is the `gateway`'s own. */
export function policyHandlers(
  { policies }: Pick<Foundation, 'policies'>,
  names: Names,
): Handlers<'securityPolicy' | 'changePolicy' | 'policyHistory'> {
  async function named(versions: readonly PolicyVersion[]): Promise<PolicyVersion[]> {
    const people = await names.people()
    return versions.map((version) => ({
      ...version,
      changedBy: people.get(version.changedBy) ?? version.changedBy,
    }))
  }
  async function one(version: PolicyVersion): Promise<PolicyVersion> {
    const [shown = version] = await named([version])
    return shown
  }
  return {
    securityPolicy: async () => one(await policies.version()),
    changePolicy: async ({ body, principal, address }) =>
      one(
        await policies.change(body, {
          accountId: principal.accountId,
          actor: auditActor(principal, address),
        }),
      ),
    policyHistory: async () => named(await policies.history()),
  }
}
