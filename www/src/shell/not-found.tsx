// An address that leads nowhere, or to what the reader may not see: the page doesn't tell which.
import { ButtonLink } from '../ui/link';
import { Empty, Page } from '../ui/page';
import { Card } from '../session/card';

export function NotFound() {
  return (
    <Card title="Nothing here">
      <p>This page doesn’t exist, or you aren’t a member of its workspace.</p>
      <ButtonLink href="/?choose" variant="primary">
        Choose a workspace
      </ButtonLink>
    </Card>
  );
}

/** The same inside a workspace, whose menu shows what is there. */
export function NoSuchView({ ws }: { ws: string }) {
  return (
    <Page title="Nothing here">
      <div className="card">
        <Empty title="This page doesn’t exist" action={<ButtonLink href={`/w/${ws}`}>Go to the start</ButtonLink>}>
          The address may be cut off, or from another version. The menu has all pages that are open to you.
        </Empty>
      </div>
    </Page>
  );
}
