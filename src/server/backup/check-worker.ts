import { parentPort, workerData } from 'node:worker_threads'
import { checkFile } from './check-file.ts'

/** Runs in a thread of its own: these checks read the whole database, and nobody is to wait for them. */
parentPort?.postMessage(checkFile(String(workerData)))
