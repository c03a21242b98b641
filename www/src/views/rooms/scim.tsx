// The room for SCIM provisioning.
import { Room } from './room';

export function View() {
  return (
    <Room
      title="SCIM"
      intro="The identity provider adds and removes members by itself. On the Business plan, after single sign-on."
      until="Until then members are added by invites and removed under Members."
      steps={['Set up single sign-on first', 'Make a SCIM token and give it to the provider with the base address', 'Push groups, and give each its roles under Groups', 'Read here what the provider did and what was refused']}
    />
  );
}
