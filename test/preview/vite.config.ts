import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

/** Serves the window with invented data, to look at; `shots.ts` takes the pictures. */
export default defineConfig({
  root: 'test/preview',
  plugins: [react()],
  server: { port: 5199, strictPort: true, host: '127.0.0.1', fs: { allow: ['../..'] } },
  build: { outDir: '../../out/preview', emptyOutDir: true, target: 'chrome130' },
  preview: { port: 5199, strictPort: true, host: '127.0.0.1' },
})
