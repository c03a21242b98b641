// The room for e-mail domains.
import { Room } from './room';

export function View() {
  return (
    <Room
      title="Domains"
      intro="Prove that an e-mail domain is yours, and decide how its people come in."
      until="Until then people of every domain come in by an invite."
      steps={['Add a domain, and set the TXT record that is shown', 'Verify it', 'Choose: no joining, joining on request, or joining at once, and with which roles']}
    />
  );
}
