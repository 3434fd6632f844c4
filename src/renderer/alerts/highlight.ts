/** A text in pieces, those equal to `keyword` marked; joined they are the text. */
export function highlighted(text: string, keyword: string): { text: string; marked: boolean }[] {
  if (keyword === '') return [{ text, marked: false }]
  return text
    .split(keyword)
    .flatMap((piece, index) => [
      ...(index > 0 ? [{ text: keyword, marked: true }] : []),
      { text: piece, marked: false },
    ])
    .filter((piece) => piece.text !== '')
}
