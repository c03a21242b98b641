// Explorer: who can do this, and what can they do, each with the explanation. The package answers; in a large workspace the
// server says who.
import { useMemo, useState } from 'react';
import { useLocation, useSearch } from 'wouter';
import type { Action, MemberAccess, Resource } from 'rolecall';

import { Explanation } from '../../access/explanation';
import { useNames } from '../../access/names';
import { actionsOn, actionsOnOne } from '../../access/questions';
import { ResourceChoice } from '../../access/resource-choice';
import { listed, useListing } from '../../api/listing';
import { at } from '../../api/queries';
import { targetOf, useAccess, type Loaded as Access } from '../../engine';
import type { ViewProps } from '../../shell/views';
import { SelectField } from '../../ui/field';
import { TabLinks } from '../../ui/link';
import { LongList } from '../../ui/long-list';
import { Empty, Loaded, Page } from '../../ui/page';
import { RESOURCE_TYPES, actionWords, count, kindOf, kindsOf, resourceWords } from '../../words';
import { useIsLarge, useJudging } from '../invite/judging';
import { MemberField } from './member-field';
import { Reasons, Whom } from './whom';

export type Ask = { action: Action; resource: Resource; member: string };

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

function Question({ ws, access, asked, ask }: { ws: string; access: Access; asked: Ask; ask: (change: Partial<Ask>) => void }) {
  const actions = useMemo(() => actionsOn(access, asked.resource), [access, asked.resource]);
  const choose = (chosen: string) => {
    const resource = (chosen === '' ? 'workspace' : chosen) as Resource;
    const possible = actionsOn(access, resource);
    ask({ resource, action: possible.includes(asked.action) ? asked.action : possible[0]! });
  };
  return (
    <div className="flex flex-wrap gap-3">
      <ResourceChoice ws={ws} label="Where" className="min-w-44 flex-1" none="The whole workspace" value={asked.resource === 'workspace' ? '' : asked.resource} onChange={choose} />
      <SelectField label="Action" className="min-w-44 flex-1" value={asked.action} onChange={(event) => ask({ action: event.target.value as Action })}>
        {actions.map((action) => (
          <option key={action} value={action}>
            {actionWords(action)}
          </option>
        ))}
      </SelectField>
    </div>
  );
}

function Who({ ws }: { ws: string }) {
  const access = useJudging(ws);
  const isLarge = useIsLarge(ws);
  const [asked, ask] = useAsked();
  return (
    <Loaded query={access} what="Loading the workspace">
      {(loaded) => (
        <>
          <Question ws={ws} access={loaded} asked={asked} ask={ask} />
          {isLarge ? <WhoOfMany ws={ws} asked={asked} /> : <WhoOfAll ws={ws} access={loaded} asked={asked} />}
        </>
      )}
    </Loaded>
  );
}

/** Everybody is in the page: the package answers. */
function WhoOfAll({ ws, access, asked }: { ws: string; access: Access; asked: Ask }) {
  const rows = useMemo(() => access.workspace.members(asked.action, targetOf(asked.resource)), [access, asked.action, asked.resource]);
  return <Whom ws={ws} asked={asked} found={listed(rows)} />;
}

/** The workspace is too large for a page: the server answers, a part at a time. */
function WhoOfMany({ ws, asked }: { ws: string; asked: Ask }) {
  const [isWhole, setWhole] = useState(false);
  const { action } = asked;
  const resource = targetOf(asked.resource);
  const found = useListing<MemberAccess>([ws, 'who', action, resource], at(ws, '/access/members'), { action, resource }, { least: isWhole ? Infinity : 1 });
  return <Whom key={`${action} ${resource}`} ws={ws} asked={asked} found={found} isWhole={isWhole} onWhole={setWhole} />;
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
          <Question ws={ws} access={loaded} asked={asked} ask={ask} />
          <Answer ws={ws} access={loaded} asked={asked} />
        </>
      )}
    </Loaded>
  );
}

function Answer({ ws, access, asked }: { ws: string; access: Access; asked: Ask }) {
  const names = useNames(ws);
  const decision = useMemo(() => access.workspace.explain(asked.member, asked.action, targetOf(asked.resource)), [access, asked.member, asked.action, asked.resource]);
  return (
    <>
      <Explanation decision={decision} title={`${actionWords(asked.action)} on ${resourceWords(asked.resource, names)}`} names={names} />
      <Others ws={ws} access={access} asked={asked} />
    </>
  );
}

/** On what else they may do it: the snapshot of one member holds each resource, so that these are all. */
function Others({ ws, access, asked }: { ws: string; access: Access; asked: Ask }) {
  const names = useNames(ws);
  const kind = RESOURCE_TYPES.find((type) => actionsOnOne(access, type).includes(asked.action) && (asked.resource === 'workspace' || asked.resource.startsWith(`${type}/`)));
  const rows = useMemo(() => (kind === undefined ? [] : access.workspace.member(asked.member).list(asked.action, kind)), [access, asked.member, asked.action, kind]);
  if (kind === undefined) return null;
  return (
    <div className="card">
      <h2 className="p-3 font-medium">
        {actionWords(asked.action)}: {count(rows.length, kindOf(kind), kindsOf(kind))}
      </h2>
      <LongList label="On these" listing={listed(rows)} keyOf={({ resource }) => resource} what="" empty={<p className="px-3 pb-3 text-kumo-subtle">On none.</p>}>
        {({ resource, because }) => (
          <p className="flex flex-wrap gap-x-3 px-3 py-1.5">
            <span>{names.get(resource) ?? resource}</span> <Reasons ws={ws} because={because} />
          </p>
        )}
      </LongList>
    </div>
  );
}
