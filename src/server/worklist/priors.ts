import { bodyRegions } from './body-regions.ts'

/** What a comparison is chosen by. */
export interface Comparable {
  modality: string
  /** Body part, exam item and description, as far as they are known. */
  texts: readonly string[]
  /** Epoch ms; null where it is not known. */
  examAt: number | null
}

const weights = { modality: 0.35, region: 0.45, time: 0.2 }
/** After this long half of the nearness is gone. */
const halfLifeMs = 180 * 86_400_000
/** Modalities that show the same in much the same way. */
const kindred = [
  ['CR', 'DX', 'RF', 'IO', 'PX'],
  ['PT', 'NM'],
]

/** How well an exam suits the comparison with another, 0 to 1: same modality, same part of the body, near in time. */
export function likeness(current: Comparable, prior: Comparable): number {
  const sum =
    weights.modality * modalityLikeness(current.modality, prior.modality) +
    weights.region * regionLikeness(current.texts, prior.texts) +
    weights.time * timeLikeness(current.examAt, prior.examAt)
  return Math.round(sum * 1000) / 1000
}

function modalityLikeness(a: string, b: string): number {
  if (a !== '' && a === b) return 1
  return kindred.some((group) => group.includes(a) && group.includes(b)) ? 0.8 : 0
}

/** The share of what is looked at now that the other one shows. */
function regionLikeness(current: readonly string[], prior: readonly string[]): number {
  const [now, before] = [bodyRegions(current), bodyRegions(prior)]
  if (now.size === 0) return 0
  return [...now].filter((region) => before.has(region)).length / now.size
}

function timeLikeness(a: number | null, b: number | null): number {
  if (a === null || b === null) return 0
  return 0.5 ** (Math.abs(a - b) / halfLifeMs)
}
