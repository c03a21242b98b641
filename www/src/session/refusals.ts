// Why a login by SSO was refused, and what to do about it. The code is in the address, so that support can be told it.
interface Refusal {
  title: string;
  text: string;
}

const ASK = 'Tell whoever manages single sign-on, with the code below.';

const AGAIN: Refusal = { title: 'The login has to be begun anew', text: 'It took too long, was answered before, or went through another browser. Start again here, and stay in this browser.' };
const PROVIDER: Refusal = { title: 'The identity provider can’t be used right now', text: `It didn’t answer, or not as it should. Try again in a few minutes. If it stays like this: ${ASK}` };
const TOKEN: Refusal = { title: 'The identity provider’s answer was not accepted', text: `What it said of you couldn’t be trusted, so nobody was signed in. Try once more. If it happens again: ${ASK}` };

const REFUSALS: Record<string, Refusal> = {
  sso_state_unknown: AGAIN,
  sso_state_expired: AGAIN,
  sso_state_used: AGAIN,
  sso_other_browser: AGAIN,
  sso_provider_unreachable: PROVIDER,
  sso_provider_error: PROVIDER,
  sso_denied: { title: 'The identity provider denied the login', text: 'You may have canceled it, or your account there isn’t assigned to this application. Ask whoever manages it to assign you.' },
  sso_client_refused: { title: 'The identity provider refuses this application', text: `The client’s id or secret in the connection isn’t the one that the provider knows. ${ASK}` },
  connection_inactive: { title: 'This connection is switched off', text: 'Sign in another way, or ask an administrator of the workspace.' },
  plan_required: { title: 'Single sign-on isn’t included', text: 'The plan of the workspace doesn’t include it any more. Sign in by a mailed link.' },
  saml_unavailable: { title: 'SAML isn’t available here', text: `This deployment has no SAML. ${ASK}` },
  email_missing: { title: 'The identity provider named no e-mail address', text: `It has to send the claim “email”. ${ASK}` },
  email_invalid: { title: 'The identity provider named no valid e-mail address', text: ASK },
  email_unverified: { title: 'Your e-mail address isn’t verified', text: 'Verify it at the identity provider, or have the workspace verify the domain of your address under Domains.' },
  identity_conflict: { title: 'This address belongs to somebody else of the provider', text: `Another person of the same provider signed in with it before. ${ASK}` },
  seat_limit_reached: { title: 'There is no seat left', text: 'An administrator has to free one or ask for a larger plan. Then sign in again.' },
  sso_session_required: { title: 'This workspace wants single sign-on', text: 'Sign in through your company’s identity provider.' },
  not_found: { title: 'There is no such connection', text: 'It may have been deleted, or the address is cut off.' },
};

/** Words for a code; what isn't known is told as what it is. */
export function refusalOf(code: string): Refusal {
  if (code.startsWith('id_token_') || code.startsWith('saml_')) return REFUSALS[code] ?? TOKEN;
  if (code.startsWith('sso_')) return REFUSALS[code] ?? PROVIDER;
  return REFUSALS[code] ?? { title: 'The login was refused', text: ASK };
}
