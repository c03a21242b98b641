// The engines, by the names that the command line and the table use.
import type { Engine } from '../engine.ts';

type Row = { title: string; load: () => Promise<Engine> };

export const ENGINES: Record<string, Row> = {
  handles: { title: 'rolecall, numeric handles', load: async () => (await import('./rolecall.ts')).numbers },
  texts: { title: 'rolecall, all strings', load: async () => (await import('./rolecall.ts')).texts },
  many: { title: 'rolecall, canMany', load: async () => (await import('./rolecall.ts')).many },
  map: { title: 'Map by hand', load: async () => (await import('./map.ts')).map },
  arrays: { title: 'typed arrays by hand, no strings', load: async () => (await import('./arrays.ts')).arrays },
  casl: { title: 'CASL, prebuilt per member', load: async () => (await import('./casl.ts')).prebuilt },
  'casl-types': { title: 'CASL, prebuilt, type per resource', load: async () => (await import('./casl-types.ts')).caslTypes },
  'casl-request': { title: 'CASL, per request', load: async () => (await import('./casl.ts')).perRequest },
  'better-auth': { title: 'better-auth access control', load: async () => (await import('./better-auth.ts')).betterAuth },
  casbin: { title: 'casbin enforceSync', load: async () => (await import('./casbin.ts')).casbin },
  cedar: { title: 'cedar-wasm, parsed before', load: async () => (await import('./cedar.ts')).cedar },
};
