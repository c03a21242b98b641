// The package in a browser, as modules or bundled: ready after `await init()`.
import start from './rolecall.js';

export { catalog, parseGrant, parseInvites } from './rolecall.js';
export { Member, Workspace, actionHandle, actions } from './workspace.js';
export async function init(source) {
  await start(source === undefined ? undefined : { module_or_path: source });
}
