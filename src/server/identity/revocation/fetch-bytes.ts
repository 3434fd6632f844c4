/**
 * The body of an HTTP answer, no redirects followed.
 * @throws Error saying what is wrong, without anything of the body: no answer in time, another status than 200, too large.
 */
export async function fetchBytes(
  url: string,
  options: { largest: number; timeoutMs: number; body?: { type: string; bytes: Uint8Array } },
): Promise<Buffer> {
  const { largest, timeoutMs, body } = options
  const answer = await fetch(url, {
    redirect: 'error',
    signal: AbortSignal.timeout(timeoutMs),
    ...(body
      ? { method: 'POST', headers: { 'content-type': body.type }, body: Buffer.from(body.bytes) }
      : {}),
  }).catch((error: unknown) => {
    throw new Error(
      error instanceof Error && error.name === 'TimeoutError' ? 'no answer in time' : 'no answer',
    )
  })
  if (answer.status !== 200 || !answer.body) {
    await answer.body?.cancel()
    throw new Error(`answered ${answer.status}`)
  }
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of answer.body) {
    length += chunk.length
    if (length > largest) throw new Error('too large')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}
