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
  studies: CtStudy[]
  /** Has Orthanc read the study once, so that whoever comes first does not pay for a cold disk. */
  warm(study: CtStudy): Promise<void>
  close(): Promise<void>
}

/** Orthanc keeps a connection for a second; on a machine under load it closes one in the middle of an answer. */
async function read(url: string, tries = 3): Promise<void> {
  try {
    await (await fetch(url)).arrayBuffer()
  } catch (error) {
    if (tries <= 1) throw error
    await read(url, tries - 1)
  }
}

/** @throws CannotRun where Orthanc is not installed */
export async function startBenchPacs(count: number): Promise<BenchPacs> {
  const missing = orthancMissing()
  if (missing) throw new CannotRun(missing)
  const dir = await mkdtemp(join(tmpdir(), 'vigil-bench-'))
  const studies = await ctStudies(join(dir, 'phantoms'), count)
  const orthanc = await startOrthanc({ dir: join(dir, 'orthanc') })
  for (const { files } of studies) await orthanc.upload(files())
  return {
    dir,
    orthanc,
    studies: studies.map(({ study }) => study),
    async warm({ study, series, instances }) {
      const waiting = [...instances]
      const lane = async () => {
        for (let instance = waiting.shift(); instance !== undefined; instance = waiting.shift()) {
          const path = `${orthanc.dicomwebUrl}/studies/${study}/series/${series}/instances/${instance}/frames/1`
          await read(path)
        }
      }
      await Promise.all([lane(), lane(), lane(), lane()])
    },
    async close() {
      await orthanc.stop()
      await rm(dir, { recursive: true, force: true })
    },
  }
}
