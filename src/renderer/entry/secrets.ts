const secretInputs = 'input[type=password], input[data-secret]'

/** What stands in a form's named fields, by name; an absent field is the empty string. */
export function readForm<N extends string>(form: HTMLFormElement, ...names: N[]): Record<N, string> {
  const data = new FormData(form)
  return Object.fromEntries(names.map((name) => [name, String(data.get(name) ?? '')])) as Record<N, string>
}

/** Takes every secret out of the page. Whoever calls holds the only copies, for the length of one call. */
export function emptySecrets(form: HTMLFormElement): void {
  for (const input of form.querySelectorAll<HTMLInputElement>(secretInputs)) input.value = ''
}

/** Puts the cursor into the first field of a form that waits for something. */
export function focusFirstEmpty(form: HTMLFormElement): void {
  const fields = [...form.querySelectorAll<HTMLInputElement>('input.field-input:enabled')]
  fields.find((field) => field.value === '')?.focus()
}
