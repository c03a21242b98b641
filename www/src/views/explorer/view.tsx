// Explorer: who can do this, and what can they do, each with the explanation. The package answers.
import { useMemo } from 'react';
import { useLocation, useSearch, Link } from 'wouter';
import type { Action, Resource, ResourceType } from 'rolecall';

import { Explanation } from '../../access/explanation';
import { useNames } from '../../access/names';
import { useRoles } from '../../api/queries';
import { useAccess, type Loaded as Access } from '../../engine';
import type { ViewProps } from '../../shell/views';
import { SelectField } from '../../ui/field';
import { TabLinks } from '../../ui/link';
import { Empty, Loaded, Page } from '../../ui/page';
import { RESOURCE_TYPES, actionWords, count, grantWords, kindOf, resourceWords } from '../../words';
import { useJudging } from '../invite/judging';
import { MemberField } from './member-field';

type Ask = { action: Action; resource: Resource; member: string };

/** The question, kept in the address. */
function useAsked(): [Ask, (change: Partial<Ask>) => void] {
  const parameters = new URLSearchParams(useSearch());
  const [place, go] = useLocation();
  const asked: Ask = {
    action: (parameters.get('action') ?? 'source:edit') as Action,
    resource: (parameters.get('resource') ?? 'workspace') as Resource,
    member: parameters.get('member') ?? '',
  };
  return [asked, (change) => go(`${place}?${new URLSearchParams({ ...asked, ...change })}`, { replace: true })];
}

export function View({ ws, id = 'who' }: ViewProps) {
  const base = `/w/${ws}/explorer`;
  const search = useSearch();
  const suffix = search === '' ? '' : `?${search}`;
  const tabs = [
    { href: `${base}/who${suffix}`, name: 'Who can…' },
    { href: `${base}/what${suffix}`, name: 'What can they…' },
  ];
  return (
    <Page title="Explorer" intro="Ask who may do something, or what somebody may do. Each answer says why.">
      <TabLinks label="Questions" tabs={tabs} current={`${base}/${id}${suffix}`} />
      {id === 'what' ? <What ws={ws} /> : <Who ws={ws} />}
    </Page>
  );
}

/** Actions that make sense on a target, as the package knows them. */
function actionsOn(access: Access, resource: Resource): Action[] {
  return access.engine.actions().filter((action) => {
    try {
      access.workspace.explain('acc_nobody', action, resource === 'workspace' ? null : resource);
      return true;
    } catch {
      return false;
    }
  });
}

function Question({ ws, access, asked, ask }: { ws: string; access: Access; asked: Ask; ask: (change: Partial<Ask>) => void }) {
  const names = useNames(ws);
  const actions = useMemo(() => actionsOn(access, asked.resource), [access, asked.resource]);
  const choose = (resource: Resource) => {
    const possible = actionsOn(access, resource);
    ask({ resource, action: possible.includes(asked.action) ? asked.action : possible[0]! });
  };
  return (
    <>
      <SelectField label="Where" className="min-w-44 flex-1" value={asked.resource} onChange={(event) => choose(event.target.value as Resource)}>
        <option value="workspace">The whole workspace</option>
        {[...names].map(([reference]) => (
          <option key={reference} value={reference}>
            {resourceWords(reference, names)}
          </option>
        ))}
      </SelectField>
      <SelectField label="Action" className="min-w-44 flex-1" value={asked.action} onChange={(event) => ask({ action: event.target.value as Action })}>
        {actions.map((action) => (
          <option key={action} value={action}>
            {actionWords(action)}
          </option>
        ))}
      </SelectField>
    </>
  );
}

function Who({ ws }: { ws: string }) {
  const access = useJudging(ws);
  const [asked, ask] = useAsked();
  return (
    <Loaded query={access} what="Loading the workspace">
      {(loaded) => (
        <>
          <div className="flex flex-wrap gap-3">
            <Question ws={ws} access={loaded} asked={asked} ask={ask} />
          </div>
          <Whom ws={ws} access={loaded} asked={asked} />
        </>
      )}
    </Loaded>
  );
}

const MOST = 500;

function Whom({ ws, access, asked }: { ws: string; access: Access; asked: Ask }) {
  const names = useNames(ws);
  const roles = useRoles().data;
  const rows = useMemo(() => access.workspace.members(asked.action, asked.resource === 'workspace' ? null : asked.resource), [access, asked.action, asked.resource]);
  if (rows.length === 0) return <div className="card"><Empty title="Nobody can">No member holds a role that allows this.</Empty></div>;
  return (
    <div className="card overflow-x-auto">
      <table className="table">
        <caption className="p-3 text-start font-medium">
          <span role="status">{`${count(rows.length, 'member')} can ${actionWords(asked.action).toLowerCase()}`}</span>
        </caption>
        <thead>
          <tr>
            <th scope="col">Member</th>
            <th scope="col">Because of</th>
          </tr>
        </thead>
        <tbody>
          {rows.slice(0, MOST).map(({ member, because }) => (
            <tr key={member.id}>
              <th scope="row" className="font-normal">
                <Link href={`/w/${ws}/members/${member.id}/effective`} className="link">
                  {member.name}
                </Link>
                <span className="block break-all text-sm text-kumo-subtle">{member.email}</span>
              </th>
              <td>
                {because.map(({ grant, id, via }) => (
                  <span key={id} className="block">
                    {grantWords(grant, roles, names)} <span className="text-kumo-subtle">{via === 'direct' ? '' : `through ${via.group.name}`}</span>
                  </span>
                ))}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {rows.length > MOST && <p className="p-3 text-kumo-subtle">and {rows.length - MOST} more</p>}
    </div>
  );
}

function What({ ws }: { ws: string }) {
  const [asked, ask] = useAsked();
  return (
    <>
      <MemberField ws={ws} value={asked.member} onChange={(member) => ask({ member })} />
      {asked.member === '' ? <div className="card"><Empty title="Choose a member">Type the beginning of a name or an address.</Empty></div> : <WhatOf ws={ws} asked={asked} ask={ask} />}
    </>
  );
}

function WhatOf({ ws, asked, ask }: { ws: string; asked: Ask; ask: (change: Partial<Ask>) => void }) {
  const access = useAccess(ws, asked.member);
  return (
    <Loaded query={access} what="Working out access">
      {(loaded) => (
        <>
          <div className="flex flex-wrap gap-3">
            <Question ws={ws} access={loaded} asked={asked} ask={ask} />
          </div>
          <Answer ws={ws} access={loaded} asked={asked} />
        </>
      )}
    </Loaded>
  );
}

function Answer({ ws, access, asked }: { ws: string; access: Access; asked: Ask }) {
  const names = useNames(ws);
  const decision = useMemo(() => access.workspace.explain(asked.member, asked.action, asked.resource === 'workspace' ? null : asked.resource), [access, asked.member, asked.action, asked.resource]);
  const kind = asked.action.split(':')[0] as ResourceType;
  const others = useMemo(() => {
    if (!RESOURCE_TYPES.includes(kind)) return [];
    const member = access.workspace.member(asked.member);
    return member.list(asked.action, kind);
  }, [access, asked.member, asked.action, kind]);
  return (
    <>
      <Explanation decision={decision} title={`${actionWords(asked.action)} on ${resourceWords(asked.resource, names)}`} names={names} />
      {RESOURCE_TYPES.includes(kind) && (
        <div className="card p-4">
          <h2 className="font-medium">
            {actionWords(asked.action)}: {count(others.length, kindOf(kind))}
          </h2>
          <ul className="list-disc pl-5">
            {others.slice(0, MOST).map(({ resource }) => (
              <li key={resource}>{names.get(resource) ?? resource}</li>
            ))}
          </ul>
        </div>
      )}
    </>
  );
}
