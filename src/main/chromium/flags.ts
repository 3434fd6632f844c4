export interface WindowOptions {
  headless: boolean
  debugPort: number | null
  /** Window size in pixels; null for the whole screen. */
  screen: { width: number; height: number } | null
}

/** What the browser is started with. `root` and `gpu` are facts of the machine. */
export function browserFlags(options: WindowOptions, machine: { root: boolean; gpu: boolean }): string[] {
  const { headless, debugPort, screen } = options
  const size = screen ?? (headless ? { width: 1920, height: 1080 } : null)
  return [
    // An application window without address bar; the page itself is opened once the bridge stands.
    '--app=data:text/html,<title>Vigil</title>',
    '--no-first-run',
    '--no-default-browser-check',
    // A critical value rings also where nobody has touched the page since it was loaded again.
    '--autoplay-policy=no-user-gesture-required',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
    '--disable-extensions',
    '--disable-domain-reliability',
    '--disable-breakpad',
    '--disk-cache-size=1',
    '--no-proxy-server',
    // The window talks to this process's listener and to nothing else on earth.
    '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1',
    size ? `--window-size=${size.width},${size.height}` : '--start-maximized',
    // Chromium's sandbox does not work for root; only machines for trying run it so.
    ...(machine.root ? ['--no-sandbox'] : []),
    ...(machine.gpu ? [] : ['--use-gl=angle', '--use-angle=swiftshader', '--enable-unsafe-swiftshader']),
    ...(debugPort === null
      ? []
      : [`--remote-debugging-port=${debugPort}`, '--remote-debugging-address=127.0.0.1']),
  ]
}
