import type { Dispatch, SetStateAction } from 'react'
import type { PreparedSignOff } from '../../shared/api/index.ts'
import { findingKey, type SectionFinding } from '../../shared/critical/index.ts'
import type { CriticalTypes } from '../report/critical-types.ts'
import { siblingsOf } from './together.ts'
import { type AddedAlert, type Entry, proposedRecipient, type StandingEntry, type Work } from './work.ts'

/** What the dialog's parts do to what is entered. */
export function workChanges(
  { prepared, types }: { prepared: PreparedSignOff; types: CriticalTypes },
  setWork: Dispatch<SetStateAction<Work>>,
) {
  const entry = (key: string, change: Partial<Entry>) =>
    setWork((work) => {
      const before = work.entries[key]
      return before ? { ...work, entries: { ...work.entries, [key]: { ...before, ...change } } } : work
    })
  return {
    entry,
    /** One alert for this finding and those like it. */
    merge: (finding: SectionFinding) =>
      setWork((work) => {
        const entries: Record<string, Entry> = { ...work.entries }
        for (const key of siblingsOf(finding, prepared.findings, work.entries)) {
          const sibling = entries[key]
          if (sibling) entries[key] = { ...sibling, action: 'dismiss', reason: 'repeated' }
        }
        const key = findingKey(finding)
        const own = entries[key]
        if (own) entries[key] = { ...own, action: 'alert' }
        return { ...work, entries }
      }),
    standing: (id: string, standing: StandingEntry) =>
      setWork((work) => ({ ...work, standing: { ...work.standing, [id]: standing } })),
    add: (id: string) =>
      setWork((work) => ({
        ...work,
        added: [
          ...work.added,
          {
            id,
            passage: null,
            alert: {
              type: '',
              level: 'red' as const,
              content: '',
              recipient: proposedRecipient(prepared.recipients, types, ''),
              repeats: null,
            },
          },
        ],
      })),
    added: (changed: AddedAlert) =>
      setWork((work) => ({
        ...work,
        added: work.added.map((each) => (each.id === changed.id ? changed : each)),
      })),
    remove: (id: string) =>
      setWork((work) => ({ ...work, added: work.added.filter((each) => each.id !== id) })),
  }
}
