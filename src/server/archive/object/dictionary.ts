import { dictionaryTable } from './dictionary-table.ts'

let table: Map<number, string> | undefined

/** The VR of a standard attribute by its tag (group << 16 | element); `XS` is "US or SS", `UN` what is not known. */
export function vrOf(tag: number): string {
  table ??= readTable()
  const group = tag >>> 16
  if ((tag & 0xffff) === 0) return 'UL'
  if (group % 2 === 1) return privateVrOf(tag)
  // Curves and overlays repeat at every even group of 50xx and 60xx (PS3.5 7.6).
  const repeats = (group & 0xff00) === 0x5000 || (group & 0xff00) === 0x6000
  return table.get(repeats ? (tag & 0xff00ffff) >>> 0 : tag) ?? 'UN'
}

/** A private creator is LO (PS3.5 7.8.1); what it created is not known. */
function privateVrOf(tag: number): string {
  const element = tag & 0xffff
  return element >= 0x10 && element <= 0xff ? 'LO' : 'UN'
}

function readTable(): Map<number, string> {
  const entries = new Map<number, string>()
  for (const line of dictionaryTable.trim().replaceAll('\n ', ' ').split('\n')) {
    const [group = '', vr = '', ...elements] = line.split(' ')
    for (const element of elements) entries.set(Number.parseInt(group + element, 16), vr)
  }
  return entries
}
