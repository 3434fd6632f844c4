import { rmSync } from 'node:fs'
import { places } from './places.ts'

rmSync(places.root, { recursive: true, force: true })
console.log('The demo starts over with the next npm start.')
