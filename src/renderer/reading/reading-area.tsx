import { useMemo, useState } from 'react'
import { useSetting } from '../settings/use-setting.ts'
import { NextCaseProvider } from '../worklist/next-case.tsx'
import { placeOfStudy } from '../worklist/pages.ts'
import { type ListPlace, placeInView } from '../worklist/place.ts'
import { type ReadOnlyExam, ReadOnlyExamContext } from '../worklist/read-only-exam.tsx'
import { usePagedList } from '../worklist/use-paged-list.ts'
import { openingView, readingViews } from '../worklist/views.ts'
import { WorklistScreen } from '../worklist/worklist-screen.tsx'
import { ImagesLinkContext, useImagesWindow, useWindowLink } from './images-link.ts'
import { ImagesWindowContext } from './images-window-button.tsx'
import { useOpenStudy } from './open-study.ts'
import { ReadingRoom } from './reading-room.tsx'

interface ReadingAreaProps {
  study: string | null
  onStudy: (study: string | null) => void
}

/** The worklist, or the study that is open. Coming back finds the list as it was left. */
export default function ReadingArea({ study, onStudy }: ReadingAreaProps) {
  const [own, , { known }] = useSetting('worklist')
  const [left, setLeft] = useState<ListPlace | null>(null)
  const list = usePagedList()
  const opening = useMemo(() => placeInView(openingView(own, readingViews), undefined), [own])
  const place = left ?? opening
  const open = useOpenStudy(onStudy)
  const [readOnly, setReadOnly] = useState<ReadOnlyExam | null>(null)
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
        <ReadOnlyExamContext value={readOnly}>
          <NextCaseProvider study={study} place={place} onOpen={open}>
            {study !== null ? (
              <ReadingRoom key={study} study={study} onBack={back} />
            ) : (
              (left || known) && (
                <WorklistScreen
                  list={list}
                  place={place}
                  onPlace={setLeft}
                  onOpen={(uid, claim) => {
                    setReadOnly(
                      claim && {
                        study: uid,
                        name: claim.name,
                        since: claim.since,
                        onTaken: () => setReadOnly(null),
                      },
                    )
                    open(uid)
                  }}
                />
              )
            )}
          </NextCaseProvider>
        </ReadOnlyExamContext>
      </ImagesWindowContext>
    </ImagesLinkContext>
  )
}
