/** Puts a text on the clipboard. Not by navigator.clipboard: the product's window grants no permission, this needs none. */
export function copyText(text: string): boolean {
  const holder = document.createElement('textarea')
  holder.value = text
  holder.readOnly = true
  holder.className = 'copy-holder'
  // Inside the dialog that has the focus, or its focus trap takes it away at once.
  const place = document.activeElement?.closest('[role=dialog]') ?? document.body
  const before = document.activeElement
  place.append(holder)
  holder.select()
  const copied = document.execCommand('copy')
  holder.remove()
  if (before instanceof HTMLElement) before.focus()
  return copied
}
