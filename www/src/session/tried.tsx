// Where a browser comes to after a login that tried a connection: nobody was signed in by it.
import { Card } from './card';

export function Tried() {
  return (
    <Card title="The login was tried">
      <p role="status">You may close this tab. What came of it stands in the console, where the login was begun.</p>
    </Card>
  );
}
