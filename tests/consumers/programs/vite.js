// Vite follows the package to its wasm by itself.
import { show } from './page.js';

await show();
