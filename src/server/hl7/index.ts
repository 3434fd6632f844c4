export { type Charset, charsetNames, decodeText, encodeText } from './charset.ts'
export { escapeText, type Field, header, message, repeat, segment, timestamp } from './er7.ts'
export { createBlockReader, frameBlock } from './mllp.ts'
