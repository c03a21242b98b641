// A matrix of roles for one member that shows what each tick would do before anything is saved. It takes the package alone:
// `preview` says what changes and what a rule refuses, `apply` makes the workspace that the second table is drawn from.
import { actions, catalog, init, Workspace } from '../browser.js';

const [snapshot] = await Promise.all([fetch(new URL('snapshot.json', import.meta.url)).then((answer) => answer.json()), init()]);
const saved = Workspace.load(snapshot);

const at = (id) => document.getElementById(id);
const resources = snapshot.resources.map(({ resource }) => resource);
const typeOf = (resource) => resource.split('/')[0];

/** Makes an element; what isn't an attribute of it is a child. */
function element(name, attributes = {}, ...children) {
  const made = Object.assign(document.createElement(name), attributes);
  made.append(...children);
  return made;
}

// What is being edited: whose roles, and the grants that are ticked.
let member;
let ticked;

const memberFacts = () => snapshot.members.find(({ id }) => id === member);
const grantsAsSaved = () => memberFacts().grants.map(({ expression }) => expression);
const expressionOf = (role, scope) => (scope === 'workspace' ? role : `${role}@${scope}`);

function choose(id) {
  member = id;
  ticked = new Set(grantsAsSaved());
  const groups = snapshot.groups.filter((group) => memberFacts().groups.includes(group.id));
  const told = groups.map(({ name, grants }) => `${name} (${grants.map(({ expression }) => expression).join(', ')})`);
  at('groups').textContent = told.length > 0 ? `Besides, by groups: ${told.join('; ')}.` : '';
  drawMatrix();
  drawOutcome();
}

/** The box of a role on a scope; nothing where the role can't be given there. */
function box({ role, name, scopes }, scope) {
  const cell = element('td');
  if (!scopes.includes(scope === 'workspace' ? scope : typeOf(scope))) return cell;
  const grant = expressionOf(role, scope);
  const input = element('input', { type: 'checkbox', name: grant, checked: ticked.has(grant), ariaLabel: `${name} on ${scope}` });
  input.addEventListener('change', () => {
    if (input.checked) ticked.add(grant);
    else ticked.delete(grant);
    cell.classList.toggle('changed', input.checked !== grantsAsSaved().includes(grant));
    drawOutcome();
  });
  cell.append(element('label', {}, input));
  return cell;
}

function drawMatrix() {
  const scopes = ['workspace', ...resources];
  const head = element('tr', {}, element('th', { scope: 'col', textContent: 'Role' }), ...scopes.map((scope) => element('th', { scope: 'col', textContent: scope })));
  const rows = catalog().map((row) => element('tr', {}, element('th', { scope: 'row', textContent: row.name }), ...scopes.map((scope) => box(row, scope))));
  at('matrix').replaceChildren(
    element('caption', { className: 'hidden', textContent: `Roles of ${memberFacts().name}, and where` }), element('thead', {}, head), element('tbody', {}, ...rows),
  );
}

/** The change that saving would make: these grants in place of those before. */
const change = () => ({ set_grants: [...ticked], member });
const isChanged = () => [...ticked].sort().join() !== grantsAsSaved().sort().join();

/** What changes, in sentences: a rule that refuses comes first. */
function news({ problems, changes }) {
  const nameOf = (id) => snapshot.members.find((one) => one.id === id)?.name ?? id;
  const line = (verb, { member: id, actions: names, resource, except = [] }) => {
    const spared = except.length > 0 ? `, except on ${except.join(', ')}` : '';
    return `${nameOf(id)} ${verb} ${names.join(', ')} on ${resource}${spared}`;
  };
  return [
    ...problems.map(({ detail }) => element('li', { className: 'lost', textContent: `This can't be saved: ${detail}` })),
    ...changes.lost.map((row) => element('li', { className: 'lost', textContent: line('loses', row) })),
    ...changes.gained.map((row) => element('li', { className: 'gained', textContent: line('gains', row) })),
  ];
}

/** The same in a few words, for the bar that stays in sight. */
function count({ problems, changes }) {
  const sum = (rows) => rows.reduce((all, { actions: names }) => all + names.length, 0);
  if (problems.length > 0) return "This can't be saved";
  if (!isChanged()) return 'Nothing is changed yet';
  const parts = [[sum(changes.gained), 'gained'], [sum(changes.lost), 'lost']].filter(([number]) => number > 0);
  return parts.length === 0 ? 'Nobody gains or loses anything' : parts.map((part) => part.join(' actions ')).join(', ');
}

/** The actions that are asked of a resource, or of the workspace. */
function askedOf(resource) {
  const nouns = { source: ['source'], destination: ['destination'], space: ['space', 'audience', 'computed_trait', 'journey'], warehouse: ['warehouse'], function: ['function'] };
  const own = nouns[typeOf(resource)];
  const isTopLevel = (action) => action === `${typeOf(resource)}:create`;
  if (own !== undefined) return actions().filter((action) => own.includes(action.split(':')[0]) && !isTopLevel(action));
  const resourceNouns = [...Object.values(nouns).flat(), 'tracking_plan', 'pii'];
  return actions().filter((action) => !resourceNouns.includes(action.split(':')[0]));
}

/** The actions that one of two workspaces allows, each with what becomes of it. */
function chips(before, after, resource) {
  const asked = askedOf(resource);
  const place = resource === 'workspace' ? null : resource;
  const [then, now] = [after, before].map((workspace) => workspace.canMany(member, asked, place));
  return asked.flatMap((action, index) => {
    if (then[index] + now[index] === 0) return [];
    const state = then[index] === now[index] ? '' : then[index] === 1 ? 'gained' : 'lost';
    const said = { '': '', gained: ', gained', lost: ', lost' }[state];
    return [element('span', { className: `chip ${state}` }, action, element('span', { className: 'hidden', textContent: said }))];
  });
}

function drawResult(after) {
  const rows = ['workspace', ...resources].map((resource) => {
    const allowed = chips(saved, after, resource);
    const cell = element('div', {}, ...(allowed.length > 0 ? allowed : [element('span', { className: 'faint', textContent: 'nothing' })]));
    return element('tr', {}, element('th', { scope: 'row', textContent: resource }), element('td', {}, cell));
  });
  at('result').replaceChildren(element('tbody', {}, ...rows));
}

function drawOutcome() {
  const preview = saved.preview([change()]);
  const lines = news(preview);
  const isRefused = preview.problems.length > 0;
  const summary = count(preview);
  at('count').textContent = summary;
  at('news').replaceChildren(...(lines.length > 0 ? lines : [element('li', { className: 'chip', textContent: summary })]));
  at('save').disabled = isRefused || !isChanged();
  at('reset').disabled = !isChanged();
  at('request').hidden = true;
  // Where a rule refuses, nothing comes of it: what they can do stays.
  const after = isRefused ? saved : saved.apply([change()]);
  drawResult(after);
  if (after !== saved) after.free();
}

at('member').append(...snapshot.members.map(({ id, name }) => element('option', { value: id, textContent: name })));
at('member').addEventListener('change', ({ target }) => choose(target.value));
at('reset').addEventListener('click', () => choose(member));
at('save').addEventListener('click', () => {
  // An application sends it, and loads the snapshot anew when the answer has come.
  at('request').textContent = `PUT /v1/workspaces/${snapshot.workspace.slug}/members/${member}/grants\nIf-Match: "${snapshot.version}"\n\n${JSON.stringify({ grants: [...ticked] }, null, 2)}`;
  at('request').hidden = false;
  at('request').focus();
});
choose(snapshot.members[1].id);
at('member').value = member;
