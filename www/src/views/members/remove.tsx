// Removing a member: what is lost, what stays, who would bring them back; and why the last owner stays.
import { useQuery } from '@tanstack/react-query';
import type { Preview } from 'rolecall';

import { Difference, Problems } from '../../access/difference';
import { useNames } from '../../access/names';
import { refresh } from '../../api/client';
import { call } from '../../api/http';
import { at } from '../../api/queries';
import type { Impact, Member } from '../../api/types';
import { Confirm } from '../../ui/confirm';
import { Loaded, Section } from '../../ui/page';
import { done } from '../../ui/toast';
import { count, listWords, resourceWords } from '../../words';

type Answer = Preview & { impact: Impact };

interface RemoveProps {
  ws: string;
  member: Member;
  onClose: () => void;
  onGone: () => void;
}

export function RemoveMember({ ws, member, onClose, onGone }: RemoveProps) {
  const path = at(ws, `/members/${member.id}`);
  const impact = useQuery({ queryKey: [ws, 'impact', member.id], queryFn: () => call<Answer>('DELETE', path, { query: { dry_run: true } }), staleTime: 0 });
  const finish = () => {
    done(`${member.name} was removed. All their sessions and tokens are dead.`);
    onGone();
    void refresh(ws);
  };
  return (
    <Confirm
      title={`Remove ${member.name}`}
      verb="Remove from the workspace"
      act={() => call('DELETE', path)}
      isBarred={impact.data === undefined || impact.data.impact.last_owner || impact.data.problems.length > 0}
      word={member.is_owner ? member.email : undefined}
      hint="They own this workspace."
      onDone={finish}
      onClose={onClose}
    >
      <Loaded query={impact} what="Working out what this means">
        {(answer) => <Consequences ws={ws} member={member} answer={answer} />}
      </Loaded>
    </Confirm>
  );
}

function Consequences({ ws, member, answer }: { ws: string; member: Member; answer: Answer }) {
  const names = useNames(ws);
  const { impact, problems, changes } = answer;
  if (impact.last_owner) return <LastOwner name={member.name} />;
  return (
    <>
      <Problems problems={problems} />
      <p>They lose access at once, on every device. Their account stays, for other workspaces.</p>
      {impact.returns_by !== null && (
        <p className="card border-l-4 border-l-kumo-warning p-3">
          The identity provider may bring them back, by {impact.returns_by === 'scim' ? 'its next sync' : 'their next sign-in'}: unassign them there first, then remove them here.
        </p>
      )}
      <Section title="What they lose" level={3}>
        <Difference changes={{ gained: [], lost: changes.lost }} names={names} />
      </Section>
      <Section title="What stays" level={3}>
        <ul className="list-disc pl-5">
          <li>{impact.stays.resources.length === 0 ? 'They created no resources here.' : `${count(impact.stays.resources.length, 'resource')} that they created: ${listWords(impact.stays.resources.slice(0, 8).map((one) => resourceWords(one, names)))}`}</li>
          <li>{impact.stays.tokens.length === 0 ? 'They made no API tokens of the workspace.' : `API tokens that they made go on working: ${listWords(impact.stays.tokens.map((token) => token.name))}`}</li>
        </ul>
      </Section>
    </>
  );
}

function LastOwner({ name }: { name: string }) {
  return (
    <div role="alert" className="card flex flex-col gap-2 border-l-4 border-l-kumo-warning p-3">
      <p className="font-medium">{name} is the last Workspace Owner, and a workspace always has one.</p>
      <ol className="list-decimal pl-5">
        <li>Choose who shall own the workspace, and open them in Members.</li>
        <li>Under “Change access”, add Workspace Owner and save.</li>
        <li>Then remove {name} here.</li>
      </ol>
    </div>
  );
}
