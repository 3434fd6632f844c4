import { useMemo, useState } from 'react'
import { useSetting } from '../settings/use-setting.ts'
import { NextCaseProvider } from '../worklist/next-case.tsx'
import { placeOfStudy } from '../worklist/pages.ts'
import { type ListPlace, placeInView } from '../worklist/place.ts'
import { type ClaimedByOther, ReadOnlyExamContext } from '../worklist/read-only-exam.tsx'
import { usePagedList } from '../worklist/use-paged-list.ts'
import { openingView, readingViews } from '../worklist/views.ts'
import { WorklistScreen } from '../worklist/worklist-screen.tsx'
import { ImagesLinkContext, useImagesWindow, useWindowLink } from './images-link.ts'
import { ImagesWindowContext } from './images-window-button.tsx'
import { useOpenStudy } from './open-study.ts'
import { ReadingRoom } from './reading-room.tsx'

interface ReadingAreaProps {
  study: string | null
  /** Whose claim makes it one to look at only. It is the host's to keep: it holds over a lock and another area. */
  readOnly: ClaimedByOther | null
  onStudy: (study: string | null, readOnly?: ClaimedByOther | null) => void
}

/** The worklist, or the study that is open. Coming back finds the list as it was left. */
export default function ReadingArea({ study, readOnly, onStudy }: ReadingAreaProps) {
  const [own, , { known }] = useSetting('worklist')
  const [left, setLeft] = useState<ListPlace | null>(null)
  const list = usePagedList()
  const opening = useMemo(() => placeInView(openingView(own, readingViews), undefined), [own])
  const place = left ?? opening
  const open = useOpenStudy(onStudy)
  const readOnlyExam = useMemo(
    () => readOnly && study !== null && { ...readOnly, study, onTaken: () => onStudy(study) },
    [readOnly, study, onStudy],
  )
  // Back where one came from: on the exam that one has just read, also where others came between.
  const back = () => {
    const read = study === null ? null : placeOfStudy(list.state().pages, study)
    if (read) setLeft({ ...place, selected: read })
    onStudy(null)
  }
  const link = useWindowLink()
  const imagesWindow = useImagesWindow(link, study)
  return (
    <ImagesLinkContext value={link}>
      <ImagesWindowContext value={imagesWindow}>
        <ReadOnlyExamContext value={readOnlyExam || null}>
          <NextCaseProvider study={study} place={place} onOpen={open}>
            {study !== null ? (
              <ReadingRoom key={study} study={study} onBack={back} />
            ) : (
              (left || known) && (
                <WorklistScreen
                  list={list}
                  place={place}
                  onPlace={setLeft}
                  onOpen={(uid, claim) => open(uid, claim && { name: claim.name, since: claim.since })}
                />
              )
            )}
          </NextCaseProvider>
        </ReadOnlyExamContext>
      </ImagesWindowContext>
    </ImagesLinkContext>
  )
}
