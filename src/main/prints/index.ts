import { api } from '../../shared/api/index.ts'
import { VigilError } from '../../shared/errors/index.ts'
import type { IpcArgs, IpcResult } from '../../shared/ipc/index.ts'
import type { ShownReport } from '../../shared/report/index.ts'
import type { SignedIn } from '../session/index.ts'
import type { Shell } from '../shell.ts'
import { type KeptImage, withSignedReport } from './attach.ts'

/** What printing needs of the session: the gateway, and the signal that ends with it. */
type Printing = Pick<SignedIn, 'call' | 'inFlight'>

/**
 * A signed version on paper, as PDF, or as the signed document alone. What is attached comes from the gateway, never from the
 * window; the gateway records the print before anything leaves the workstation; a locked window prints nothing.
 * A version that is shown veiled is no evidence: it goes out as it is seen, with nothing attached, and not as a document.
 * @throws VigilError `not-found` where the version is not there, `permission-denied` where it is veiled and asked for as a document.
 */
export async function printReport(
  signedIn: Printing,
  shell: Pick<Shell, 'pdf' | 'print' | 'saveFile'>,
  { study, version, format, fileName }: IpcArgs<'report.print'>,
): Promise<IpcResult<'report.print'>> {
  const { signal } = signedIn.inFlight
  const stillOpen = () => {
    if (signal.aborted) throw new VigilError('session-locked')
  }
  const report = await signedVersion(signedIn, study, version)
  if (report.veiled && format === 'json') throw new VigilError('permission-denied')
  const attached = format === 'pdf' && !report.veiled
  const images = attached ? await keyImages(signedIn, study, report) : []
  await signedIn.call(api.recordReportPrint, { params: { study }, body: { version, format } })
  stillOpen()
  if (format === 'paper') {
    await shell.print()
    return { path: null }
  }
  const content =
    format === 'json'
      ? Buffer.from(`${JSON.stringify(report, null, 2)}\n`, 'utf8')
      : attached
        ? await withSignedReport(await shell.pdf(), report, images)
        : await shell.pdf()
  stillOpen()
  return { path: await shell.saveFile(fileName, content, signal) }
}

async function signedVersion(signedIn: Printing, study: string, version: number): Promise<ShownReport> {
  const { versions } = await signedIn.call(api.report, { params: { study } })
  const report = versions.find(({ document }) => document.version === version)
  if (!report) throw new VigilError('not-found')
  return report
}

function keyImages(signedIn: Printing, study: string, report: ShownReport): Promise<KeptImage[]> {
  return Promise.all(
    (report.document.keyImages ?? []).map(async ({ id }) => {
      const { png } = await signedIn.call(api.keyImage, { params: { study, image: id } })
      return { id, png: Buffer.from(png, 'base64') }
    }),
  )
}
