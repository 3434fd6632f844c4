/**
 * RLE Lossless (PS3.5 Annex G) of one frame. `frame` holds `pixels` × `bytesPerSample` × `samples` bytes, little endian,
 * colour by pixel. Segments go from the most to the least significant byte, sample by sample; runs do not cross rows.
 */
export function encodeRleFrame(
  frame: Uint8Array,
  columns: number,
  bytesPerSample: number,
  samples: number,
): Buffer {
  const stride = bytesPerSample * samples
  const pixels = frame.length / stride
  if (pixels % columns !== 0) throw new RangeError('frame is not a whole number of rows')
  const segments: Buffer[] = []
  const plane = new Uint8Array(pixels)
  for (let sample = 0; sample < samples; sample++)
    for (let byte = bytesPerSample - 1; byte >= 0; byte--) {
      for (let i = 0, at = sample * bytesPerSample + byte; i < pixels; i++, at += stride)
        plane[i] = frame[at]!
      segments.push(encodeSegment(plane, columns))
    }
  const head = Buffer.alloc(64)
  head.writeUInt32LE(segments.length, 0)
  let offset = 64
  segments.forEach((segment, i) => {
    head.writeUInt32LE(offset, 4 + 4 * i)
    offset += segment.length
  })
  return Buffer.concat([head, ...segments])
}

/** PackBits per row (PS3.5 G.3.1), padded to an even length. */
function encodeSegment(plane: Uint8Array, columns: number): Buffer {
  const out = Buffer.alloc(plane.length + Math.ceil(columns / 128) * (plane.length / columns) * 2 + 2)
  let o = 0
  for (let row = 0; row < plane.length; row += columns) o = encodeRow(plane, row, row + columns, out, o)
  if (o % 2 === 1) out[o++] = 0
  return out.subarray(0, o)
}

function encodeRow(plane: Uint8Array, start: number, end: number, out: Buffer, outStart: number): number {
  let o = outStart
  let i = start
  while (i < end) {
    const run = runLength(plane, i, end)
    if (run >= 3) {
      out[o++] = 257 - run
      out[o++] = plane[i]!
      i += run
      continue
    }
    const literal = i
    while (i < end && i - literal < 128 && runLength3(plane, i, end) < 3) i++
    out[o++] = i - literal - 1
    out.set(plane.subarray(literal, i), o)
    o += i - literal
  }
  return o
}

function runLength(plane: Uint8Array, i: number, end: number): number {
  const limit = Math.min(end, i + 128)
  let j = i + 1
  while (j < limit && plane[j] === plane[i]) j++
  return j - i
}

function runLength3(plane: Uint8Array, i: number, end: number): number {
  return i + 2 < end && plane[i] === plane[i + 1] && plane[i] === plane[i + 2] ? 3 : 1
}
