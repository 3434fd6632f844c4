import { parentPort, workerData } from 'node:worker_threads'
import type { DemoOrder } from '../demo/index.ts'
import type { FromWorker } from './index.ts'
import { writeStudy } from './write.ts'

/*
 * Entry of a worker thread: writes each study that it is sent. Sends `file` after each file, `ready` after each study.
 */

const port = parentPort
if (!port) throw new Error('worker.ts runs only as a worker thread')
const { targetDir } = workerData as { targetDir: string }
const send = (message: FromWorker) => port.postMessage(message)

port.on('message', (order: DemoOrder) => {
  writeStudy(targetDir, order, () => send('file'))
  send('ready')
})
send('ready')
