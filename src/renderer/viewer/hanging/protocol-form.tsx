import { type FormEvent, useState } from 'react'
import type { HangingProtocol } from '../../../shared/settings/index.ts'
import { useSay } from '../texts/index.ts'

/** Words as they are typed: by comma or space, Chinese or not. */
export function wordsOf(typed: string, most: number, longest: number): string[] {
  return [...new Set(typed.split(/[,，、;；\s]+/).map((word) => word.trim().slice(0, longest)))]
    .filter(Boolean)
    .slice(0, most)
}

/** Name and what exams a protocol is for; its panes are those on the screen. */
export function ProtocolForm(props: {
  protocol: HangingProtocol
  onKeep(protocol: HangingProtocol): void
  onCancel(): void
}) {
  const say = useSay()
  const [given] = useState(props.protocol)
  const [name, setName] = useState(given.name)
  const [modalities, setModalities] = useState(given.modalities.join(' '))
  const [bodyParts, setBodyParts] = useState(given.bodyParts.join(' '))
  const [needsPrior, setNeedsPrior] = useState(given.needsPrior)
  const keep = (event: FormEvent) => {
    event.preventDefault()
    props.onKeep({
      ...given,
      name: name.trim(),
      modalities: wordsOf(modalities.toUpperCase(), 10, 16),
      bodyParts: wordsOf(bodyParts, 20, 40),
      needsPrior,
    })
  }
  return (
    <form className="vigil-viewer-form" onSubmit={keep} data-testid="hanging-form">
      <label>
        {say('hang.name')}
        <input
          data-autofocus
          // biome-ignore lint/a11y/noAutofocus: the form was asked for by name
          autoFocus
          required
          maxLength={30}
          pattern=".*\S.*"
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
      </label>
      <label>
        {say('hang.modalities')}
        <input
          value={modalities}
          placeholder={say('hang.any')}
          maxLength={120}
          onChange={(event) => setModalities(event.target.value)}
        />
      </label>
      <label>
        {say('hang.body-parts')}
        <input
          value={bodyParts}
          placeholder={say('hang.any')}
          maxLength={200}
          onChange={(event) => setBodyParts(event.target.value)}
        />
      </label>
      <label className="vigil-viewer-check">
        <input
          type="checkbox"
          checked={needsPrior}
          onChange={(event) => setNeedsPrior(event.target.checked)}
        />
        {say('hang.needs-prior')}
      </label>
      <p className="vigil-viewer-detail">
        {say('hang.panes', {
          rows: given.rows,
          columns: given.columns,
          n: given.panes.filter((pane) => pane !== null).length,
        })}
      </p>
      <div className="vigil-viewer-form-ends">
        <button
          type="button"
          className="vigil-viewer-button vigil-viewer-button-framed"
          onClick={props.onCancel}
        >
          {say('hang.cancel')}
        </button>
        <button type="submit" className="vigil-viewer-button vigil-viewer-button-framed">
          {say('hang.keep')}
        </button>
      </div>
    </form>
  )
}
