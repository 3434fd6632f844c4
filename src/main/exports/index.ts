import { api } from '../../shared/api/index.ts'
import { VigilError } from '../../shared/errors/index.ts'
import type { IpcArgs, IpcResult } from '../../shared/ipc/index.ts'
import type { SignedIn } from '../session/index.ts'
import type { Shell } from '../shell.ts'

type FileShell = Pick<Shell, 'saveFile' | 'pdf'>

/** What an export needs of the session: the call to the gateway, and the signal that ends with it. */
type Recorder = Pick<SignedIn, 'call' | 'inFlight'>

/** A table of the officers'. The BOM tells the spreadsheets of this country that it is UTF-8. */
export async function exportTable(
  signedIn: Recorder,
  shell: Pick<Shell, 'saveFile'>,
  { table, rows, fileName, text }: IpcArgs<'administration.export'>,
): Promise<IpcResult<'administration.export'>> {
  const record = () => signedIn.call(api.recordExport, { body: { table, rows } })
  return recorded(signedIn, shell, fileName, record, async () => Buffer.from(`\uFEFF${text}`, 'utf8'))
}

/**
 * A list of the dictionary or of looking back. A PDF is the window's own page, taken after the gateway has recorded it and
 * while the session that asked is still open: a locked window has nothing to print.
 * @throws VigilError `bad-request` where a PDF comes with content, or another format without.
 */
export async function exportList(
  signedIn: Recorder,
  shell: FileShell,
  { list, format, rows, fileName, content }: IpcArgs<'retrospect.export'>,
): Promise<IpcResult<'retrospect.export'>> {
  if ((format === 'pdf') !== (content === undefined)) throw new VigilError('bad-request')
  const record = () => signedIn.call(api.recordRetrospectExport, { body: { list, format, rows } })
  return recorded(signedIn, shell, fileName, record, async () =>
    content === undefined ? shell.pdf() : Buffer.from(content, 'base64'),
  )
}

/** An audit report as the gateway made and signed it; the window never holds it. */
export async function saveAuditReport(
  { call, inFlight: { signal } }: Recorder,
  shell: Pick<Shell, 'saveFile'>,
  params: IpcArgs<'audit.save-summary'>,
): Promise<IpcResult<'audit.save-summary'>> {
  const { name, base64 } = await call(api.auditReportFile, { params })
  if (signal.aborted) throw new VigilError('session-locked')
  return { path: await shell.saveFile(name, Buffer.from(base64, 'base64'), signal) }
}

/** The gateway records it first: no file without its audit row. */
async function recorded(
  { inFlight: { signal } }: Recorder,
  shell: Pick<Shell, 'saveFile'>,
  fileName: string,
  record: () => Promise<unknown>,
  make: () => Promise<Uint8Array>,
): Promise<{ path: string | null }> {
  await record()
  if (signal.aborted) throw new VigilError('session-locked')
  const content = await make()
  if (signal.aborted) throw new VigilError('session-locked')
  return { path: await shell.saveFile(fileName, content, signal) }
}
