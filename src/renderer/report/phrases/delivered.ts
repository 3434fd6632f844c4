import phrases from '../../../../assets/templates/phrases.json' with { type: 'json' }
import { Phrase } from '../../../shared/settings/index.ts'

/** The phrases that come with the product; one's own of the same abbreviation goes before. */
export const deliveredPhrases: readonly Phrase[] = phrases.map((each) => Phrase.parse(each))

/** All phrases in force: one's own first. */
export function phrasesInForce(own: readonly Phrase[]): Phrase[] {
  const taken = new Set(own.map(({ abbreviation }) => abbreviation.toLowerCase()))
  return [...own, ...deliveredPhrases.filter(({ abbreviation }) => !taken.has(abbreviation))]
}
