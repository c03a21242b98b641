// The room for single sign-on.
import { Room } from './room';

export function View() {
  return (
    <Room
      title="Single sign-on"
      intro="Members sign in through the company’s identity provider. On the Business plan."
      until="Until then everybody signs in by a mailed link, and comes in by an invite."
      steps={['Connect an identity provider by OpenID Connect or SAML', 'Try a login that shows its claims and grants nothing', 'Map the provider’s groups to roles', 'Require single sign-on of everybody but owners']}
    />
  );
}
