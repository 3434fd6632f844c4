import { join } from 'node:path'
import { FuseV1Options, FuseVersion, flipFuses } from '@electron/fuses'

/** Every fuse of the Electron binary, and why it stands as it does. A new fuse in a later Electron stops the build. */
export const fuses = {
  // ELECTRON_RUN_AS_NODE would make the signed program run any script with the workstation's name and vault access.
  [FuseV1Options.RunAsNode]: false,
  // The window keeps no cookies; should one appear, it is not readable from the disk.
  [FuseV1Options.EnableCookieEncryption]: true,
  // NODE_OPTIONS could load code into the privileged process before ours.
  [FuseV1Options.EnableNodeOptionsEnvironmentVariable]: false,
  // --inspect would open the privileged process, with PIN and session key in its memory, to a debugger.
  [FuseV1Options.EnableNodeCliInspectArguments]: false,
  // A changed archive does not start.
  [FuseV1Options.EnableEmbeddedAsarIntegrityValidation]: true,
  // A folder named "app" beside the archive would otherwise be loaded in its place.
  [FuseV1Options.OnlyLoadAppFromAsar]: true,
  // We ship no V8 snapshot of our own, so the browser process must not look for one.
  [FuseV1Options.LoadBrowserProcessSpecificV8Snapshot]: false,
  // The renderer comes over app://; a file:// page has no business with more rights than any other.
  [FuseV1Options.GrantFileProtocolExtraPrivileges]: false,
  // The codecs are WebAssembly; guard pages turn a wild access into a trap, as in Chrome.
  [FuseV1Options.WasmTrapHandlers]: true,
} as const satisfies Record<FuseV1Options, boolean>

interface AfterPackContext {
  appOutDir: string
  electronPlatformName: string
  packager: { appInfo: { productFilename: string }; executableName?: string }
}

/** electron-builder's afterPack: sets the fuses of the packed binary, before it is signed. */
export default async function afterPack(context: AfterPackContext): Promise<void> {
  await flipFuses(binaryOf(context), {
    version: FuseVersion.V1,
    strictlyRequireAllFuses: true,
    resetAdHocDarwinSignature: context.electronPlatformName === 'darwin',
    ...fuses,
  })
}

function binaryOf({ appOutDir, electronPlatformName, packager }: AfterPackContext): string {
  const name = packager.appInfo.productFilename
  if (electronPlatformName === 'win32') return join(appOutDir, `${name}.exe`)
  if (electronPlatformName === 'darwin') return join(appOutDir, `${name}.app`)
  return join(appOutDir, packager.executableName ?? name)
}
