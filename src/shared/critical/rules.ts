import { z } from 'zod'

const minutes = z.number().min(0.01).max(10_080)
const text = (max: number) => z.string().trim().max(max)

/** Who an alert goes to: ward → doctor → head of department → duty office (总值班) is the usual chain. */
export const RecipientKind = z.enum(['ward', 'doctor', 'department-head', 'duty-office'])
export type RecipientKind = z.infer<typeof RecipientKind>

/** Deadlines of one level, in minutes. */
const LevelDeadlines = z.strictObject({
  /** From raising (or release after the second check) to the clinician's acknowledgement. */
  receiveMinutes: minutes,
  /** From raising to the recorded handling. */
  handleMinutes: minutes,
  /** From one hop of the escalation to the next. */
  hopMinutes: minutes,
})
export type LevelDeadlines = z.infer<typeof LevelDeadlines>

/** Who is reached at a hop. An entry with a department goes before one without. */
export const Contact = z.strictObject({
  kind: RecipientKind,
  /** Ordering department or ward that it is for, as orders name it; empty for all. */
  department: text(40).default(''),
  /** The hospital's own code of the recipient, for messages. */
  code: text(32).default(''),
  name: text(40).min(1),
  phone: text(24).default(''),
})
export type Contact = z.infer<typeof Contact>

/** Local time of the gateway, HH:MM. */
const timeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/)

/** 双人核对: whether somebody confirms an alert before it is released. */
const SecondCheck = z.strictObject({
  /** `required`: a second radiologist confirms with their key. */
  mode: z.enum(['off', 'required']).default('off'),
  /** At night and for emergencies the same person may check twice instead. */
  onePersonTwice: z
    .strictObject({
      /** Null: no night. From and to may span midnight. */
      night: z
        .strictObject({ from: timeOfDay, to: timeOfDay })
        .nullable()
        .default({ from: '22:00', to: '07:00' }),
      emergencies: z.boolean().default(true),
    })
    .prefault({}),
  /** An alert that nobody has checked by then is released unchecked and marked so: a patient does not wait for a colleague. */
  releaseAfterMinutes: minutes.default(5),
})

/** What follows from a critical value: deadlines, escalation, checks. Part of the dictionary, published with it. */
export const CriticalRules = z.strictObject({
  deadlines: z
    .strictObject({
      red: LevelDeadlines.default({ receiveMinutes: 5, handleMinutes: 30, hopMinutes: 5 }),
      orange: LevelDeadlines.default({ receiveMinutes: 15, handleMinutes: 60, hopMinutes: 10 }),
      yellow: LevelDeadlines.default({ receiveMinutes: 120, handleMinutes: 480, hopMinutes: 60 }),
    })
    .prefault({}),
  /** Who is told first, where neither the entry nor the radiologist says otherwise. */
  recipient: RecipientKind.default('ward'),
  /** Who is told next when nobody answers, in this order; the chain begins after the one who was told last. */
  escalation: z
    .array(RecipientKind)
    .min(1)
    .max(4)
    .refine((chain) => new Set(chain).size === chain.length, 'a hop stands twice')
    .default(['ward', 'doctor', 'department-head', 'duty-office']),
  contacts: z.array(Contact).max(1000).default([]),
  /** A handled alert that nobody closed is closed by itself after this long; 0 at once. */
  closeAfterHours: z.number().min(0).max(720).default(24),
  /** The same patient, type and finding within this long asks before it is reported again. 0 never asks. */
  repeatHours: z.number().min(0).max(168).default(24),
  secondCheck: SecondCheck.prefault({}),
})
export type CriticalRules = z.infer<typeof CriticalRules>
/** What may be left out takes its default. */
export type CriticalRulesInput = z.input<typeof CriticalRules>
