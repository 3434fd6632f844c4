import type { LabelRules, Role, Sensitivity } from '../../../src/shared/access/index.ts'
import { LabelRules as LabelRulesSchema } from '../../../src/shared/access/index.ts'
import { WorklistQuery } from '../../../src/shared/api/index.ts'
import { SecurityPolicy } from '../../../src/shared/policy/index.ts'
import type { ReadingRoom } from '../reports/reading-room.ts'

interface Who {
  clearance?: Sensitivity
  roles?: Role[]
  session?: string
}

/** People of any role and clearance in a reading room, and what they ask of labels. */
export function peopleOf(room: ReadingRoom) {
  const as = (who: string, { clearance = 'general', roles, session }: Who = {}) => {
    const asked = room.request(who)
    return {
      ...asked,
      params: undefined,
      query: undefined,
      body: undefined,
      principal: {
        ...asked.principal,
        clearance,
        ...(roles ? { roles } : {}),
        ...(session ? { sessionId: session } : {}),
      },
    }
  }
  return {
    as,
    rows: async (who: string, more?: Who, filter: object = {}) =>
      (await room.handlers.worklist({ ...as(who, more), body: WorklistQuery.parse({ filter }) })).rows,
    kept: (who: string, study: string, more?: Who) => room.restriction(as(who, more).principal, study),
    rules: (rules: Partial<LabelRules>, baseVersion: number) =>
      room.handlers.changeLabelRules({
        ...as('li', { roles: ['security-officer'] }),
        body: { rules: LabelRulesSchema.parse(rules), baseVersion },
      }),
    label: (on: 'labelStudy' | 'labelPatient' | 'labelReport', study: string, sensitivity: Sensitivity) =>
      room.handlers[on]({
        ...as('li', { clearance: 'highly-sensitive' }),
        params: { study },
        body: { sensitivity, reason: '院内职工' },
      }),
    reveal: (
      who: string,
      exam: { studyInstanceUid?: string; accessionNumber?: string; reason?: string },
      more?: Who,
    ) =>
      room.handlers.revealIdentity({
        ...as(who, more),
        body: { studyInstanceUid: null, accessionNumber: '', reason: null, ...exam },
      }),
    breakGlass: (who: string, study: string, more?: Who) =>
      room.handlers.breakGlass({ ...as(who, more), params: { study }, body: { reason: '急诊抢救' } }),
    policy: async (access: object) => {
      const { policies } = room.foundation
      const { version, policy } = await policies.version()
      await policies.change(
        {
          policy: SecurityPolicy.parse({ ...policy, access: { ...policy.access, ...access } }),
          baseVersion: version,
        },
        { accountId: 'li', actor: { kind: 'cli', id: 'test' } },
      )
    },
  }
}
