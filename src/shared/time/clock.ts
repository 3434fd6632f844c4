/** The time, passed in so that every rule can be tested without waiting. Milliseconds since the Unix epoch. */
export type Clock = () => number

/** Random bytes from a cryptographic source, passed in for the same reason. */
export type RandomBytes = (length: number) => Uint8Array
