// The smaller entry in a browser, as modules or bundled: ready after `await init()`.
import start from './rolecall.js';

export { Member, Workspace, actionHandle, actions } from './checks.js';
export async function init(source) {
  await start(source === undefined ? undefined : { module_or_path: source });
}
