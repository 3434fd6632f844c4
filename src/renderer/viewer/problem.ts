import type { ErrorCode } from '../../shared/errors/index.ts'

/** Why an image cannot be shown. A code of the closed union comes from the gateway, the others arise here. */
export type ProblemCode =
  | ErrorCode
  | 'cancelled'
  | 'metadata-incomplete'
  | 'pixel-data-truncated'
  | 'decode-failed'
  | 'decode-timeout'
  | 'transfer-syntax-unsupported'
  | 'photometric-unsupported'
  | 'palette-missing'
  | 'volume-impossible'
  | 'render-failed'

/** One image's failure; `detail` is technical (a UID, a count), never clinical. */
export class ImageProblem extends Error {
  readonly code: ProblemCode
  readonly detail: string

  constructor(code: ProblemCode, detail = '', options?: { cause?: unknown }) {
    super(code, options)
    this.name = 'ImageProblem'
    this.code = code
    this.detail = detail
  }
}

export function problemOf(thrown: unknown): ImageProblem {
  return thrown instanceof ImageProblem ? thrown : new ImageProblem('render-failed', '', { cause: thrown })
}
