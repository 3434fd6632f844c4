/** The digits of what was typed or pasted into a code's field, six at most; full-width ones become plain. */
export function codeDigits(text: string): string {
  return text.normalize('NFKC').replace(/\D/g, '').slice(0, 6)
}
