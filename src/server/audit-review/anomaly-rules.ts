/** When something deserves an auditor's look. Exactly at a threshold that says `least` it does. */
export const anomalyRules = {
  /** Whole weeks before a day from which a person's habits are learned. */
  habitDays: 28,
  /** Fewer days at work than these teach nothing: the hours below count alone. */
  leastHabitDays: 5,
  /** Hours of the day at which work is expected of everybody: from, included, to, not. */
  workingHours: { from: 7, to: 20 },
  /** An hour is usual where the person worked in it, or in the one beside it, on so large a share of their days. */
  usualShare: 0.1,
  /** Different patients within the window: more than the floor and more than so many times the person's own busiest window. */
  massAccess: { windowMs: 3_600_000, floor: 60, timesUsual: 3 },
  /** Refusals of one person, or at one workstation, within the window. */
  denials: { windowMs: 600_000, least: 5, urgent: 20 },
  /** Rows of one export; exports and prints of one person on one day. */
  exports: { leastRows: 500, leastADay: 30 },
  /** Different highly sensitive studies opened by one person on one day: urgent. */
  urgentVipStudies: 5,
} as const
export type AnomalyRules = {
  [K in keyof typeof anomalyRules]: (typeof anomalyRules)[K] extends number
    ? number
    : { [P in keyof (typeof anomalyRules)[K]]: number }
}
