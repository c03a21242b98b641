// A view that the reader's roles don't open, and what to do about it.
import type { Action } from '../api/types';
import { ButtonLink } from '../ui/link';
import { Empty, Page } from '../ui/page';
import { actionWords } from '../words';

export function Forbidden({ name, needs, ws }: { name: string; needs: Action; ws: string }) {
  return (
    <Page title={name}>
      <div className="card">
        <Empty title="Your roles don’t open this page" action={<ButtonLink href={`/w/${ws}/me`}>See what you may do</ButtonLink>}>
          It takes “{actionWords(needs)}” ({needs}), which a Workspace Owner has. Ask one if you need it.
        </Empty>
      </div>
    </Page>
  );
}
