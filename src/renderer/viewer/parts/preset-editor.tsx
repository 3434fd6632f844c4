import { useState } from 'react'
import type { OwnPreset, Preset } from '../display/presets.ts'
import { useSay } from '../texts/index.ts'
import { Icon } from './icons.tsx'
import { Popover } from './popover.tsx'
import { presetName } from './preset-name.ts'

interface EditorProps {
  modality: string
  /** As they are on the keys now. */
  presets: readonly Preset[]
  /** The active pane's window. */
  window: { centre: number; width: number } | null
  own: readonly OwnPreset[]
  /** Rejects where it was not kept. */
  onSave(own: OwnPreset[]): Promise<void>
}

/** The person's own window presets of one modality, on keys 1 to 9. */
export function PresetEditor(props: EditorProps) {
  const say = useSay()
  return (
    <Popover
      name={say('preset.edit')}
      hint={say('preset.edit.hint')}
      disabled={props.window === null}
      testId="preset-editor"
      label={<Icon name="edit" />}
    >
      {(close) => <Table key={props.modality} {...props} onDone={close} />}
    </Popover>
  )
}

interface Row {
  key: string
  name: string
  width: string
  centre: string
  own: boolean
}

const text = (value: number) => String(Number(value.toFixed(2)))

function Table({ modality, presets, window, own, onSave, onDone }: EditorProps & { onDone(): void }) {
  const say = useSay()
  const fresh = (): Row[] =>
    Array.from({ length: 9 }, (_, i) => {
      const key = String(i + 1)
      const preset = presets.find((one) => one.key === key)
      return {
        key,
        name: preset ? presetName(preset, say) : '',
        width: preset ? text(preset.width) : '',
        centre: preset ? text(preset.centre) : '',
        own: own.some((one) => one.key === key && one.modality === modality),
      }
    })
  const [rows, setRows] = useState<Row[] | null>(null)
  const [failed, setFailed] = useState(false)
  const shown = rows ?? fresh()
  const edit = (key: string, change: Partial<Row>) =>
    setRows(shown.map((row) => (row.key === key ? { ...row, own: true, ...change } : row)))
  const wrong = (row: Row) =>
    row.own &&
    (!row.name.trim() ||
      !(Number(row.width) > 0) ||
      row.centre === '' ||
      !Number.isFinite(Number(row.centre)))

  const save = async () => {
    const mine = shown
      .filter((row) => row.own)
      .map(({ key, name, width, centre }) => ({
        modality,
        key,
        name: name.trim(),
        width: Number(width),
        centre: Number(centre),
      }))
    try {
      await onSave([...own.filter((one) => one.modality !== modality), ...mine])
      setRows(null)
      onDone()
    } catch {
      setFailed(true)
    }
  }

  return (
    <form
      className="vigil-preset-editor"
      onSubmit={(event) => {
        event.preventDefault()
        void save()
      }}
    >
      <strong>{say('preset.edit.title', { modality })}</strong>
      <table>
        <thead>
          <tr>
            <th>{say('preset.edit.key')}</th>
            <th>{say('preset.edit.name')}</th>
            <th>{say('preset.edit.width')}</th>
            <th>{say('preset.edit.centre')}</th>
            <td />
          </tr>
        </thead>
        <tbody>
          {shown.map((row) => (
            <tr key={row.key} data-own={row.own}>
              <th scope="row">{row.key}</th>
              {(['name', 'width', 'centre'] as const).map((field) => (
                <td key={field}>
                  <input
                    value={row[field]}
                    maxLength={20}
                    inputMode={field === 'name' ? 'text' : 'decimal'}
                    aria-label={`${row.key} ${say(`preset.edit.${field}`)}`}
                    aria-invalid={wrong(row)}
                    onChange={(event) => edit(row.key, { [field]: event.target.value })}
                  />
                </td>
              ))}
              <td>
                <button
                  type="button"
                  className="vigil-viewer-button"
                  disabled={!window}
                  onClick={() =>
                    window && edit(row.key, { width: text(window.width), centre: text(window.centre) })
                  }
                >
                  {say('preset.edit.current')}
                </button>
                <button
                  type="button"
                  className="vigil-viewer-button"
                  disabled={!row.own}
                  onClick={() => edit(row.key, { own: false })}
                >
                  {say('preset.edit.remove')}
                </button>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {failed && <p role="alert">{say('preset.edit.failed')}</p>}
      <div className="vigil-preset-editor-end">
        <button type="button" className="vigil-viewer-button vigil-viewer-button-framed" onClick={onDone}>
          {say('measure.cancel')}
        </button>
        <button
          type="submit"
          className="vigil-viewer-button vigil-viewer-button-framed"
          disabled={!rows || shown.some(wrong)}
        >
          {say('preset.edit.save')}
        </button>
      </div>
    </form>
  )
}
