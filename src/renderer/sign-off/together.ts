import { maybeSame } from '../../shared/alert/index.ts'
import { CriticalLevel, findingKey, needsDecision, type SectionFinding } from '../../shared/critical/index.ts'

/** As far as it is asked here what was entered for a finding. */
interface Choice {
  action: 'alert' | 'dismiss' | null
  reason: string | null
}

type Findings = readonly SectionFinding[]
type Choices = Readonly<Record<string, Choice>>

/**
 * The findings that are proposed to be reported with another: of each type and stated side one speaks for all, the
 * most urgent (a measurement may raise one's level), of these the first that is stated outright, else the first. Their keys.
 */
export function proposedTogether(findings: Findings): ReadonlySet<string> {
  const kinds = Map.groupBy(findings.filter(needsDecision), ({ type, side }) => `${type} ${side ?? ''}`)
  return new Set(
    [...kinds.values()].flatMap((same) => {
      const [speaker] = same.toSorted((a, b) => urgency(a) - urgency(b))
      return same.filter((each) => each !== speaker).map(findingKey)
    }),
  )
}

/**
 * The other findings that one alert can speak for: of its type, undecided, and not on the other side of the body.
 * Their keys, in the order of the report.
 */
export function siblingsOf(finding: SectionFinding, findings: Findings, choices: Choices): string[] {
  return othersLike(finding, findings)
    .map(findingKey)
    .filter((key) => choices[key]?.action === null)
}

/** With which finding this one is reported, as entered; null where it is not, or where nothing speaks for it. */
export function speakerOf(
  finding: SectionFinding,
  findings: Findings,
  choices: Choices,
): SectionFinding | null {
  if (!goesWithAnother(choices[findingKey(finding)])) return null
  const others = othersLike(finding, findings)
  const first = (action: Choice['action']) =>
    others.find((other) => choices[findingKey(other)]?.action === action)
  return first('alert') ?? first(null) ?? null
}

/** How many findings this one speaks for, as entered. */
export function spokenFor(finding: SectionFinding, findings: Findings, choices: Choices): number {
  return othersLike(finding, findings).filter((other) => speakerOf(other, findings, choices) === finding)
    .length
}

/** The less, the sooner. */
function urgency({ level, grade }: SectionFinding): number {
  return CriticalLevel.options.indexOf(level) * 2 + (grade === 'positive' ? 0 : 1)
}

function othersLike(finding: SectionFinding, findings: Findings): SectionFinding[] {
  const key = findingKey(finding)
  return findings.filter(
    (other) => needsDecision(other) && findingKey(other) !== key && maybeSame(other, finding),
  )
}

function goesWithAnother(choice: Choice | undefined): boolean {
  return choice?.action === 'dismiss' && choice.reason === 'repeated'
}
