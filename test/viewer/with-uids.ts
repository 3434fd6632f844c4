import { execFile } from 'node:child_process'
import { chmod, copyFile, readFile, writeFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import dicomParser from 'dicom-parser'

const run = promisify(execFile)

const uids = {
  SOPClassUID: '1.2.840.10008.5.1.4.1.1.7',
  SOPInstanceUID: '2.25.1.1.1',
  StudyInstanceUID: '2.25.1',
  SeriesInstanceUID: '2.25.1.1',
}
const tags = {
  SOPClassUID: 'x00080016',
  SOPInstanceUID: 'x00080018',
  StudyInstanceUID: 'x0020000d',
  SeriesInstanceUID: 'x0020000e',
}

function uiElement(tag: string, value: string): Buffer {
  const padded = Buffer.from(value.length % 2 === 0 ? value : `${value}\0`, 'latin1')
  const head = Buffer.alloc(8)
  head.writeUInt16LE(Number.parseInt(tag.slice(1, 5), 16), 0)
  head.writeUInt16LE(Number.parseInt(tag.slice(5), 16), 2)
  head.write('UI', 4, 'latin1')
  head.writeUInt16LE(padded.length, 6)
  return Buffer.concat([head, padded])
}

/** Explicit VR little endian, element by element, for syntaxes that dcmtk cannot write (HTJ2K). */
function insertUids(file: Buffer): Buffer {
  const set = dicomParser.parseDicom(file)
  const all = Object.values(set.elements).toSorted((a, b) => a.dataOffset - b.dataOffset)
  const first = all.findIndex((element) => !element.tag.startsWith('x0002'))
  const metaEnd = all[first - 1]!.dataOffset + all[first - 1]!.length
  let from = metaEnd
  const parts = new Map<string, Buffer>()
  for (const element of all.slice(first)) {
    const last = element.tag === 'x7fe00010'
    const to = last ? file.length : element.dataOffset + element.length
    parts.set(element.tag, file.subarray(from, to))
    from = to
  }
  for (const [name, tag] of Object.entries(tags))
    parts.set(tag, uiElement(tag, uids[name as keyof typeof uids]))
  const body = [...parts].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, bytes]) => bytes)
  return Buffer.concat([file.subarray(0, metaEnd), ...body])
}

/** Copies a test file that lacks the UIDs an archive needs, with UIDs put in; the pixel data stay as they are. */
export async function copyWithUids(source: string, target: string): Promise<void> {
  if (/HTJ2K/.test(source)) return writeFile(target, insertUids(await readFile(source)))
  await copyFile(source, target)
  await chmod(target, 0o600)
  const insertions = Object.entries(uids).flatMap(([name, uid]) => ['-i', `${name}=${uid}`])
  await run('dcmodify', ['-q', '-nb', '-ie', ...insertions, target])
}
