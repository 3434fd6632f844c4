import { type LabelRules, Sensitivity } from '../../shared/access/index.ts'
import type { LabelRulesTrial, LabelRulesVersion } from '../../shared/api/index.ts'
import type { Foundation } from '../foundation.ts'
import { auditActor, type Handlers } from '../http/index.ts'
import type { GlassReviews } from './glass-reviews.ts'
import type { RuleVersions } from './rule-versions.ts'

/** What a set of rules would do to the exams in memory. */
export type TryRules = (rules: LabelRules) => Promise<LabelRulesTrial>

/** The security officer's: rules that label by, and the review of broken glass. */
export function labelRuleHandlers(
  { audit }: Pick<Foundation, 'audit'>,
  deps: {
    versions: RuleVersions
    reviews: GlassReviews
    tryRules: TryRules
    displayNames: () => Promise<ReadonlyMap<string, string>>
    changed: () => Promise<void>
  },
): Handlers<
  | 'labelRules'
  | 'labelRulesHistory'
  | 'changeLabelRules'
  | 'tryLabelRules'
  | 'glassBreaks'
  | 'reviewGlassBreak'
> {
  const { versions, reviews, tryRules, displayNames, changed } = deps

  async function named(found: readonly LabelRulesVersion[]): Promise<LabelRulesVersion[]> {
    const people = await displayNames()
    return found.map((version) => ({
      ...version,
      changedBy: people.get(version.changedBy) ?? version.changedBy,
    }))
  }
  async function one(version: LabelRulesVersion): Promise<LabelRulesVersion> {
    const [shown = version] = await named([version])
    return shown
  }

  return {
    labelRules: async () => one(await versions.toChange()),
    labelRulesHistory: async () => named(await versions.history()),
    async changeLabelRules({ body, principal, address }) {
      const { accountId } = principal
      const version = await versions.change(body, { accountId, actor: auditActor(principal, address) })
      await changed()
      return one(version)
    },
    async tryLabelRules({ body, principal, address }) {
      const trial = await tryRules(body.rules)
      // Counts of a rule tell whether a patient is known here.
      await audit.record({
        action: 'label-rules.tried',
        outcome: 'success',
        actor: auditActor(principal, address),
        detail: { rules: body.rules.rules.length, exams: trial.exams },
      })
      return trial
    },
    glassBreaks: () => reviews.list(),
    async reviewGlassBreak({ params, body, principal, address }) {
      const { accountId } = principal
      await reviews.review({ ...params, ...body }, { accountId, actor: auditActor(principal, address) })
      return {}
    },
  }
}

/** Labels counted, none left out. */
export const noLabels = (): Record<Sensitivity, number> =>
  Object.fromEntries(Sensitivity.options.map((label) => [label, 0])) as Record<Sensitivity, number>
