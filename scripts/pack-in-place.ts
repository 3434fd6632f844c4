import type { Plugin } from 'vite'

/** The most that a chosen workbook may unfold to. */
const mostBytes = 256 * 1024 * 1024

const replaced: Record<string, readonly [from: string, to: string]> = {
  'write-excel-file/modules/zip/zipToArrayBuffer.js': [
    "import { zip } from 'fflate';",
    `import { zipSync } from 'fflate';
     const zip = (files, done) => done(null, zipSync(files));`,
  ],
  'read-excel-file/modules/zip/unzipFromArrayBuffer.js': [
    "import { unzip } from 'fflate';",
    `import { unzipSync } from 'fflate';
     const unzip = (archive, done) => {
       let total = 0;
       done(null, unzipSync(archive, { filter: ({ originalSize }) => {
         total += originalSize;
         if (total > ${mostBytes}) throw new RangeError('the workbook unfolds to too much');
         return true;
       } }));
     };`,
  ],
}

/**
 * The spreadsheet libraries pack and unpack what is larger than some 100 kB in workers made of blobs. The window's CSP
 * refuses those, and the libraries would then wait without end: here they pack where they are.
 */
export function packInPlace(): Plugin {
  return {
    name: 'vigil:pack-in-place',
    transform(code, id) {
      const path = id.replaceAll('\\', '/').split('?')[0] ?? ''
      const known = Object.entries(replaced).find(([end]) => path.endsWith(`node_modules/${end}`))
      if (!known) return undefined
      const [from, to] = known[1]
      if (!code.includes(from)) throw new Error(`${known[0]} is not as it was: look at its workers again`)
      return { code: code.replace(from, () => to), map: null }
    },
  }
}
