import react from '@vitejs/plugin-react'
import { defineConfig } from 'electron-vite'

// The oldest Electron the app runs on is 33 (Node 20.18, Chromium 130): nothing newer may be emitted.
const node = 'node20.18'
const chrome = 'chrome130'

// Packages with binaries or files of their own stay outside. Those that are plain modules come in: one
// file is read faster than a hundred, and the engines field of some asks for a newer Node.
const inside = [
  'birpc',
  'cockatiel',
  'commander',
  'croner',
  'dockerode',
  'electron-log',
  'node-ssh',
  'pg',
  'ssh-config',
  'tar-stream',
  'zod',
]

/**
 * Of dockerode, what nothing here uses is left out: gRPC and protobuf for builds of images, two hundred
 * modules, and its own way over SSH.
 */
const withoutUnused = {
  name: 'quayside:without-unused',
  enforce: 'pre' as const,
  resolveId: (source: string, importer = '') =>
    (/[\\/]dockerode[\\/]/.test(importer) && /^\.\/(session|buildkit)$/.test(source)) ||
    (/[\\/]docker-modem[\\/]/.test(importer) && source === './ssh')
      ? '\0unused'
      : null,
  load: (id: string) => (id === '\0unused' ? 'module.exports = {}' : null),
}

export default defineConfig({
  main: {
    plugins: [withoutUnused],
    build: {
      target: node,
      externalizeDeps: { exclude: inside },
      rolldownOptions: {
        input: { main: 'electron/main.ts', 'heavy-thread': 'electron/heavy-thread.ts' },
        output: { entryFileNames: '[name].js', chunkFileNames: 'chunks/[name]-[hash].js' },
      },
    },
  },
  preload: {
    build: {
      target: node,
      // The window is sandboxed: its preload is one CommonJS file that can require nothing but electron.
      externalizeDeps: false,
      rolldownOptions: {
        input: { preload: 'electron/preload.ts' },
        output: { format: 'cjs', entryFileNames: '[name].cjs', codeSplitting: false },
      },
    },
  },
  renderer: {
    root: 'renderer',
    build: {
      outDir: 'out/renderer',
      target: chrome,
      minify: true,
      sourcemap: false,
      // A data: URL for a script or a font would be stopped by the content security policy.
      assetsInlineLimit: 0,
      rolldownOptions: { input: 'renderer/index.html' },
    },
    plugins: [
      react(),
      // electron-vite sets './' for file: URLs. The window is served from app://bundle/, where absolute
      // paths hold at every depth.
      { name: 'quayside:base', config: () => ({ base: '/' }) },
    ],
  },
})
