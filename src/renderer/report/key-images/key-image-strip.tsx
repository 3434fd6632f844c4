import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { KeyImage } from '../../../shared/report/index.ts'
import { useBridge } from '../../bridge/index.ts'
import { keyImageQuery, pngUrl } from '../../print/key-image-query.ts'
import { useShowImage } from '../insertions.tsx'
import { captioned, movedImage } from './arrangement.ts'

interface KeyImageStripProps {
  study: string
  images: readonly KeyImage[]
  /** Null where they are only to be looked at. */
  onImages: ((images: KeyImage[]) => void) | null
}

/** The key images of a report, in their order, with their captions. */
export function KeyImageStrip({ study, images, onImages }: KeyImageStripProps) {
  const { t } = useTranslation()
  if (images.length === 0) return null
  return (
    <section className="key-images" data-testid="key-images" aria-label={t('review.keyImages.title')}>
      <h3>
        {t('review.keyImages.title')}
        {onImages && <span className="quiet number"> {images.length} / 12</span>}
      </h3>
      <ol>
        {images.map((image, index) => (
          <Thumbnail
            key={image.id}
            study={study}
            image={image}
            change={
              onImages && {
                caption: (caption) => onImages(captioned(images, image.id, caption)),
                move: (by) => onImages(movedImage(images, index, by)),
                remove: () => onImages(images.filter(({ id }) => id !== image.id)),
              }
            }
          />
        ))}
      </ol>
    </section>
  )
}

interface ThumbnailProps {
  study: string
  image: KeyImage
  change: { caption: (caption: string) => void; move: (by: 1 | -1) => void; remove: () => void } | null
}

function Thumbnail({ study, image, change }: ThumbnailProps) {
  const { t } = useTranslation()
  const bridge = useBridge()
  const show = useShowImage()
  const pixels = useQuery(keyImageQuery(bridge, study, image.id))
  const onKeyDown = (event: React.KeyboardEvent) => {
    const by = event.shiftKey ? { ArrowLeft: -1 as const, ArrowRight: 1 as const }[event.key] : undefined
    if (by) change?.move(by)
    else if (event.key === 'Delete') change?.remove()
    else return
    event.preventDefault()
    event.stopPropagation()
  }
  const name = image.caption || t('review.keyImages.title')
  return (
    <li className="key-image" data-testid="key-image" data-id={image.id}>
      <button
        type="button"
        className="key-image-show"
        data-own-keys="Delete Shift+ArrowLeft Shift+ArrowRight"
        onClick={() => show?.(image)}
        onKeyDown={onKeyDown}
        title={`${t('review.keyImages.show')}（${t('review.keyImages.keys')}）`}
        aria-label={`${t('review.keyImages.show')}：${name}`}
      >
        {pixels.data ? (
          <img src={pngUrl(pixels.data)} alt={name} />
        ) : (
          <span className="quiet">{pixels.isError ? t('review.keyImages.missing') : '…'}</span>
        )}
      </button>
      {change ? (
        <>
          <span className="key-image-tools">
            <Tool name={t('review.keyImages.earlier')} sign="‹" onClick={() => change.move(-1)} />
            <Tool name={t('review.keyImages.later')} sign="›" onClick={() => change.move(1)} />
            <Tool name={t('review.keyImages.remove')} sign="✕" onClick={change.remove} />
          </span>
          <input
            className="key-image-caption"
            value={image.caption}
            maxLength={100}
            placeholder={t('review.keyImages.captionHint')}
            aria-label={t('review.keyImages.caption')}
            onChange={(event) => change.caption(event.target.value)}
            data-testid="key-image-caption"
          />
        </>
      ) : (
        <span className="key-image-caption">{image.caption}</span>
      )}
    </li>
  )
}

function Tool({ name, sign, onClick }: { name: string; sign: string; onClick: () => void }) {
  return (
    <button type="button" title={name} aria-label={name} onClick={onClick}>
      {sign}
    </button>
  )
}
