// How the console is built: into dist/, which the Worker serves at /.
import { fileURLToPath } from 'node:url';

import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

/** What belongs together in one file: what every page needs, and what the frame and the list of members need. */
const groups = [
  { name: 'ui', test: /www\/src\/(ui\/(icons|page|field|link)|api\/|words|time|shell\/(theme|not-found)|session\/card)|@phosphor-icons/ },
  { name: 'frame', test: /www\/src\/(shell\/(shell|head|menu|views|forbidden)|views\/members\/(view|table|columns|filters|filter-bar|badges))|@tanstack\/(react-table|table-core|react-virtual|virtual-core|react-store|store)/ },
];

/** Leaves out what Kumo's button brings along and no button here uses. */
const withoutTooltips: Plugin = {
  name: 'without-tooltips',
  enforce: 'pre',
  resolveId: (source, importer) =>
    /\/tooltip-\w+\.js$/.test(source) && importer?.includes('kumo/dist/chunks/button-') ? fileURLToPath(new URL('src/ui/no-tooltip.ts', import.meta.url)) : null,
};

/** Each icon comes in six weights, of which one is used: the others are five sixths of what icons weigh in a first visit. */
const inOneWeight: Plugin = {
  name: 'in-one-weight',
  enforce: 'pre',
  transform: (code, id) => (/@phosphor-icons\/react\/dist\/defs\//.test(id) ? code.replace(/  \[\n    "(?!regular)\w+",\n[\s\S]*?\n  \],?\n/g, '') : null),
};

export default defineConfig({
  plugins: [withoutTooltips, inOneWeight, react(), tailwindcss()],
  build: {
    target: 'es2022',
    // A data: address would need its own permission in the content security policy.
    assetsInlineLimit: 0,
    // What a view needs is asked for by the view.
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 400,
    rolldownOptions: { output: { codeSplitting: { groups } } },
  },
});
