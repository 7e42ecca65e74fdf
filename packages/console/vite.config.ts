import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { docsPlugin } from './docs-plugin.ts';

/** A running server for `vite dev`, by its Unix socket or its HTTPS address. */
const socketPath = process.env['LEEWARD_SOCKET'];
const server = process.env['LEEWARD_SERVER'] ?? 'https://127.0.0.1:8443';

export default defineConfig({
  plugins: [react(), docsPlugin()],
  build: {
    // No `data:` addresses and no inline scripts: the content security policy of the server allows neither.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    target: 'es2022',
    chunkSizeWarningLimit: 1_000,
  },
  server: {
    proxy: { '/api': { target: socketPath ? { socketPath, host: 'leeward' } : server, secure: false } },
  },
});
