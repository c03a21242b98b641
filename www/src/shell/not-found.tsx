// An address that leads nowhere, or to what the reader may not see: the page doesn't tell which.
import { ButtonLink } from '../ui/link';
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
