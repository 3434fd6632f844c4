import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Orthanc, orthancMissing, startOrthanc } from '../orthanc.ts'
import { type CtStudy, ctStudies } from './ct-studies.ts'
import { CannotRun } from './row.ts'

/** A real Orthanc that holds CT studies: the upstream of gateway and peers alike. */
export interface BenchPacs {
  /** For files of the measurements' own. */
  dir: string
  orthanc: Orthanc
  studies: Omit<CtStudy, 'files'>[]
  /** Has Orthanc read the study once, so that whoever comes first does not pay for a cold disk. */
  warm(study: Omit<CtStudy, 'files'>): Promise<void>
  close(): Promise<void>
}

/** @throws CannotRun where Orthanc is not installed */
export async function startBenchPacs(count: number): Promise<BenchPacs> {
  const missing = orthancMissing()
  if (missing) throw new CannotRun(missing)
  const dir = await mkdtemp(join(tmpdir(), 'vigil-bench-'))
  const studies = await ctStudies(join(dir, 'phantoms'), count)
  const orthanc = await startOrthanc({ dir: join(dir, 'orthanc') })
  for (const { files } of studies) await orthanc.upload(files)
  return {
    dir,
    orthanc,
    studies: studies.map(({ files: _, ...study }) => study),
    async warm({ study, series, instances }) {
      for (const instance of instances) {
        const path = `${orthanc.dicomwebUrl}/studies/${study}/series/${series}/instances/${instance}/frames/1`
        await (await fetch(path)).arrayBuffer()
      }
    },
    async close() {
      await orthanc.stop()
      await rm(dir, { recursive: true, force: true })
    },
  }
}
