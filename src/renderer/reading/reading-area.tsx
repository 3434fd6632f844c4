import { useState } from 'react'
import { NextCaseProvider } from '../worklist/next-case.tsx'
import { noFilter } from '../worklist/worklist-query.ts'
import { type WorklistPlace, WorklistScreen } from '../worklist/worklist-screen.tsx'
import { ReadingRoom } from './reading-room.tsx'

interface ReadingAreaProps {
  study: string | null
  onStudy: (study: string | null) => void
}

/** The worklist, or the study that is open. Coming back finds the list as it was left. */
export default function ReadingArea({ study, onStudy }: ReadingAreaProps) {
  const [place, setPlace] = useState<WorklistPlace>({ filter: noFilter, selected: null })
  return study === null ? (
    <WorklistScreen place={place} onPlace={setPlace} onOpen={(row) => onStudy(row.studyInstanceUid)} />
  ) : (
    <NextCaseProvider study={study} filter={place.filter} onOpen={onStudy}>
      <ReadingRoom key={study} study={study} onBack={() => onStudy(null)} />
    </NextCaseProvider>
  )
}
