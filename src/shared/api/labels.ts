import { z } from 'zod'
import { LabelRules, Sensitivity } from '../access/index.ts'
import { Uid } from '../study/index.ts'
import type { Route } from './route.ts'

/** Times are epoch ms. */
export const LabelRulesVersion = z.object({
  /** 0 while nobody has made rules. */
  version: z.int(),
  rules: LabelRules,
  changedAt: z.number(),
  /** A person's name; `gateway` for the rules that nobody made. */
  changedBy: z.string(),
  /**
   * This version cannot be read, and everything is most restricted until another is written. `rules` are then those of the newest
   * version that can be read, for the new one to begin from: `from` is that one's number, 0 for what was delivered.
   */
  unreadable: z.object({ from: z.int() }).optional(),
})
export type LabelRulesVersion = z.infer<typeof LabelRulesVersion>

/** What rules would do to the exams on the list, as numbers only. */
export const LabelRulesTrial = z.object({
  exams: z.int(),
  /** Exams by rule that holds for them. */
  perRule: z.array(z.object({ id: z.string(), exams: z.int() })),
  /** Exams by the label that they would bear, all sources together. */
  labelled: z.record(Sensitivity, z.int()),
  /** Exams whose label would be another than it is now. */
  raised: z.int(),
  lowered: z.int(),
})
export type LabelRulesTrial = z.infer<typeof LabelRulesTrial>

export const GlassVerdict = z.enum(['justified', 'unjustified'])
export type GlassVerdict = z.infer<typeof GlassVerdict>

/** Broken glass, as who reviews it sees it: whose exam it was is not their business. Times are epoch ms. */
export const GlassBreakRow = z.object({
  id: z.string(),
  at: z.number(),
  until: z.number(),
  who: z.string(),
  workstation: z.string(),
  /** Empty for glass that was broken before this was kept. */
  accessionNumber: z.string(),
  sensitivity: Sensitivity,
  reason: z.string(),
  /** When it should have been reviewed; null for glass that was broken before there were reviews: none is asked for. */
  dueAt: z.number().nullable(),
  review: z.object({ verdict: GlassVerdict, note: z.string(), by: z.string(), at: z.number() }).nullable(),
})
export type GlassBreakRow = z.infer<typeof GlassBreakRow>

/** Who an exam is of, told on need. */
export const RevealedIdentity = z.object({
  accessionNumber: z.string(),
  patientName: z.string(),
  patientId: z.string(),
  sex: z.string(),
  /** YYYYMMDD or empty. */
  birthDate: z.string(),
  phone: z.string(),
  ward: z.string(),
  bed: z.string(),
  /** The window hides it again after so long, ms. */
  showForMs: z.int(),
})
export type RevealedIdentity = z.infer<typeof RevealedIdentity>

const Because = z.string().trim().min(2).max(200)
const done = z.object({})
const studyParams = z.object({ study: Uid })
const labelled = z.strictObject({ sensitivity: Sensitivity, reason: Because })

export const labelsApi = {
  labelRules: {
    method: 'GET',
    path: '/v1/label-rules',
    principal: 'session',
    permission: 'label.rules',
    response: LabelRulesVersion,
  },
  labelRulesHistory: {
    method: 'GET',
    path: '/v1/label-rules/history',
    principal: 'session',
    permission: 'label.rules',
    response: z.array(LabelRulesVersion),
  },
  /** `conflict` where the rules are no longer those that the change was made from. They count at once, for every exam. */
  changeLabelRules: {
    method: 'PUT',
    path: '/v1/label-rules',
    principal: 'session',
    permission: 'label.rules',
    body: z.strictObject({ rules: LabelRules, baseVersion: z.int().min(0) }),
    bodyLimit: 2_097_152,
    response: LabelRulesVersion,
  },
  /** How many exams each rule would label. Nothing is changed, no exam is named. */
  tryLabelRules: {
    method: 'POST',
    path: '/v1/label-rules/trial',
    principal: 'session',
    permission: 'label.rules',
    body: z.strictObject({ rules: LabelRules }),
    bodyLimit: 2_097_152,
    response: LabelRulesTrial,
  },
  /** Labels the patient of a study, and with them all their exams. */
  labelPatient: {
    method: 'PUT',
    path: '/v1/studies/:study/patient-sensitivity',
    principal: 'session',
    permission: 'study.label',
    params: studyParams,
    body: labelled,
    response: done,
  },
  /** Labels the report of a study; a label below the study's does not count. */
  labelReport: {
    method: 'PUT',
    path: '/v1/studies/:study/report/sensitivity',
    principal: 'session',
    permission: 'study.label',
    params: studyParams,
    body: labelled,
    response: done,
  },
  /**
   * Tells who an exam is of where the list shows it masked, by study or, while it has no images, by accession number; audited with
   * session and reason. `bad-request` at `reason` where the label asks for one; `study-restricted` where it takes broken glass.
   */
  revealIdentity: {
    method: 'POST',
    path: '/v1/identities/reveal',
    principal: 'session',
    permission: 'identity.reveal',
    body: z.strictObject({
      studyInstanceUid: Uid.nullable(),
      accessionNumber: z.string().max(16),
      reason: Because.nullable(),
    }),
    response: RevealedIdentity,
  },
  /** The newest first. */
  glassBreaks: {
    method: 'GET',
    path: '/v1/glass-breaks',
    principal: 'session',
    permission: 'break-glass.read',
    response: z.array(GlassBreakRow),
  },
  /** Once for each: `conflict` where it was reviewed already. */
  reviewGlassBreak: {
    method: 'POST',
    path: '/v1/glass-breaks/:id/review',
    principal: 'session',
    permission: 'break-glass.review',
    params: z.object({ id: z.string().regex(/^[\w-]{8,32}$/) }),
    body: z.strictObject({ verdict: GlassVerdict, note: z.string().trim().min(2).max(400) }),
    response: done,
  },
} as const satisfies Record<string, Route>
