// Finding one member by the beginning of a name or an address.
import { useDeferredValue, useId, useState } from 'react';

import { useMember, useMembers } from '../../api/queries';

export function MemberField({ ws, value, onChange }: { ws: string; value: string; onChange: (id: string) => void }) {
  const id = useId();
  const [text, setText] = useState('');
  const q = useDeferredValue(text.trim());
  const found = useMembers(ws, { q, sort: 'email' }, q !== '');
  const members = q === '' ? [] : (found.data?.pages[0]?.data.slice(0, 8) ?? []);
  return (
    <div className="flex flex-col gap-2">
      <label htmlFor={id} className="font-medium">
        Member
      </label>
      <input id={id} type="search" className="control max-w-md" placeholder="Name or e-mail" autoComplete="off" value={text} onChange={(event) => setText(event.target.value)} />
      {members.length > 0 && (
        <ul className="card max-w-md divide-y divide-kumo-line" aria-label="Members found">
          {members.map((member) => (
            <li key={member.id}>
              <button type="button" className="w-full px-3 py-2 text-left hover:bg-kumo-tint" onClick={() => (onChange(member.id), setText(''))}>
                {member.name} <span className="text-kumo-subtle">{member.email}</span>
              </button>
            </li>
          ))}
        </ul>
      )}
      {value !== '' && <Chosen ws={ws} id={value} />}
    </div>
  );
}

function Chosen({ ws, id }: { ws: string; id: string }) {
  const member = useMember(ws, id).data?.data;
  return member === undefined ? null : (
    <p role="status">
      About <strong className="font-medium">{member.name}</strong> <span className="text-kumo-subtle">{member.email}</span>
    </p>
  );
}
