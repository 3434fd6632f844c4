/** The layers of src/ as docs/architecture.md draws them. `npm run check:layers` fails on a broken one. */

const within = (...folders) => `^(${folders.join('|')})/`

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: 'no-cycle',
      comment: 'Modules that import each other can be neither understood nor tested alone.',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'shared-is-pure',
      comment:
        'What both ends agree on runs in every process: no Node, no DOM library, nothing of either end.',
      severity: 'error',
      from: { path: within('src/shared') },
      to: {
        pathNot: [within('src/shared', 'assets/dictionary'), '(^|/)node_modules/(zod|canonicalize)/'],
      },
    },
    {
      name: 'gateway-and-workstation-apart',
      comment: 'They meet on the wire and in src/shared only.',
      severity: 'error',
      from: { path: within('src/server') },
      to: { path: within('src/main', 'src/preload', 'src/renderer', 'demo', 'test') },
    },
    {
      name: 'workstation-and-gateway-apart',
      comment: 'They meet on the wire and in src/shared only.',
      severity: 'error',
      from: { path: within('src/main', 'src/preload') },
      to: { path: within('src/server', 'src/renderer', 'demo', 'test') },
    },
    {
      name: 'renderer-has-the-bridge-only',
      comment: 'The renderer has no Node, no network library and nothing of the privileged processes.',
      severity: 'error',
      from: { path: within('src/renderer') },
      to: {
        path: [
          within('src/main', 'src/preload', 'src/server', 'demo', 'test'),
          '(^|/)node_modules/(axios|electron|fastify|pkcs11js)/',
        ],
      },
    },
    {
      name: 'renderer-has-no-node',
      comment:
        'A sandboxed renderer has no Node modules. (`events` is the npm package that cornerstone3D needs.)',
      severity: 'error',
      from: { path: within('src/renderer', 'src/shared') },
      to: { dependencyTypes: ['core'], pathNot: '^events$' },
    },
    {
      name: 'electron-in-its-adapter',
      comment: "Everything else must run without Electron's runtime.",
      severity: 'error',
      from: { path: '^(src|demo|test|assets)/', pathNot: within('src/main/electron', 'src/preload') },
      to: { path: ['^electron$', '(^|/)node_modules/electron/'] },
    },
    {
      name: 'preload-is-only-a-bridge',
      comment: 'The preload names functions; it decides nothing.',
      severity: 'error',
      from: { path: within('src/preload') },
      to: {
        pathNot: [within('src/preload', 'src/shared'), '^electron$', '(^|/)node_modules/(electron|zod)/'],
      },
    },
    {
      name: 'public-face-of-a-gateway-capability',
      comment: "Another capability's inner files are its own business: import its index.",
      severity: 'error',
      from: { path: '^src/server/([^/]+)/' },
      to: {
        path: '^src/server/([^/]+)/',
        pathNot: ['^src/server/$1/', '^src/server/[^/]+/(index|route-handlers)\\.ts$'],
      },
    },
    {
      name: 'no-development-package-in-the-product',
      comment:
        'What ships must be in "dependencies". playwright-core is the Chromium shell, which never ships.',
      severity: 'error',
      from: {
        path: within('src'),
        pathNot: [within('src/main/chromium', 'src/main/electron', 'src/preload')],
      },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'resolvable',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(out|dist|\\.vigil)/' },
    tsPreCompilationDeps: true,
    combinedDependencies: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      extensions: ['.ts', '.tsx', '.js', '.mjs', '.cjs', '.json'],
    },
  },
}
