/** The X.509 library with what it needs at load: its container wants the Reflect metadata API in place first. */
import 'reflect-metadata'

export * from '@peculiar/x509'
