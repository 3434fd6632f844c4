/** The critical-value dictionary: what is in force, the draft, and how it came to be. */
export default function DictionaryArea() {
  return null
}
