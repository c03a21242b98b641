// How the console is built: into dist/, which the Worker serves at /.
import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

export default defineConfig({
  plugins: [react(), tailwindcss()],
  build: {
    target: 'es2022',
    // A data: address would need its own permission in the content security policy.
    assetsInlineLimit: 0,
    // What a view needs is asked for by the view.
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 400,
  },
});
