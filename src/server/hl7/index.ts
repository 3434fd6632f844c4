export { acknowledge } from './acknowledge.ts'
export { type Charset, charsetNames, decodeStrictly, decodeText, encodeText } from './charset.ts'
export { decodeMessage } from './decode.ts'
export { escapeText, type Field, header, message, repeat, segment, timestamp } from './er7.ts'
export { createBlockReader, frameBlock } from './mllp.ts'
export {
  createMllpListener,
  type Disconnection,
  defaultMllpLimits,
  type MllpLimits,
  type MllpListener,
} from './mllp-listener.ts'
export { type Hl7Field, type Hl7Message, type Hl7Repetition, type Hl7Segment, parseMessage } from './parse.ts'
export { allowedPeers, plainAddress } from './peers.ts'
export { Hl7Error, type Problem, type ProblemReason } from './problem.ts'
export { answerTo, type Received, type Taken, takeIn } from './receive.ts'
export { parseTime } from './time.ts'
