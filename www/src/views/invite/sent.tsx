// What became of invites: who was invited, the links to pass on, and who was left out and why.
import { Button } from '@cloudflare/kumo/components/button';

import type { Invite } from '../../api/types';
import { CopyField } from '../../ui/copy';
import { ButtonLink } from '../../ui/link';
import { Page, Section } from '../../ui/page';
import { count } from '../../words';

export interface InvitesMade {
  data: Invite[];
  skipped: { email: string; reason: 'already_member' | 'already_invited' }[];
}

const SKIPPED = { already_member: 'is a member already', already_invited: 'has a pending invite already: send that one again' };

export function Sent({ ws, made, again }: { ws: string; made: InvitesMade; again: () => void }) {
  const links = made.data.filter((invite) => invite.accept_url);
  return (
    <Page
      title={made.data.length === 0 ? 'Nobody was invited' : `${count(made.data.length, 'invite')} sent`}
      actions={
        <>
          <ButtonLink href={`/w/${ws}/invites`}>See pending invites</ButtonLink>
          <Button variant="primary" onClick={again}>
            Invite more
          </Button>
        </>
      }
    >
      <div className="card flex flex-col gap-5 p-4 sm:p-5">
        {links.length > 0 && (
          <Section title="Links to pass on">
            <p className="text-kumo-subtle">Each works once, for its address alone, and is shown only now.</p>
            {links.map((invite) => (
              <CopyField key={invite.id} label={invite.email} value={invite.accept_url!} />
            ))}
          </Section>
        )}
        {links.length === 0 && made.data.length > 0 && (
          <Section title="Mailed to">
            <ul className="list-disc pl-5">
              {made.data.map((invite) => (
                <li key={invite.id}>{invite.email}</li>
              ))}
            </ul>
          </Section>
        )}
        {made.skipped.length > 0 && (
          <Section title="Left out">
            <ul className="list-disc pl-5">
              {made.skipped.map(({ email, reason }) => (
                <li key={email}>
                  {email} {SKIPPED[reason]}
                </li>
              ))}
            </ul>
          </Section>
        )}
      </div>
    </Page>
  );
}
