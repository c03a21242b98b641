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
  saml_in_response_to: AGAIN,
  saml_replayed: AGAIN,
  invalid_return_to: { title: 'The address to return to is none of this site', text: 'The link that brought you here is wrong. Sign in here instead.' },
  rate_limited: { title: 'Too many sign-ins at once', text: 'Many came from your network within a minute. Wait a minute, then begin anew.' },
  sso_provider_unreachable: PROVIDER,
  sso_provider_error: PROVIDER,
  sso_denied: { title: 'The identity provider denied the login', text: 'You may have canceled it, or your account there isn’t assigned to this application. Ask whoever manages it to assign you.' },
  saml_status: { title: 'The identity provider denied the login', text: 'You may have canceled it, or your account there isn’t assigned to this application. Ask whoever manages it to assign you.' },
  saml_unsolicited: { title: 'Sign in here first', text: 'This connection takes no logins that begin at the identity provider. Enter your address here, and you are sent there.' },
  saml_expired: { title: 'The login took too long', text: `Begin anew. If it happens at once, the clocks of the two sides differ: ${ASK}` },
  saml_not_yet_valid: { title: 'The clocks of the two sides differ', text: `The identity provider’s answer is from the future. ${ASK}` },
  saml_signature_mismatch: { title: 'The identity provider signs with a key that isn’t known here', text: `Its certificate may have changed: its metadata have to be entered anew in the connection. ${ASK}` },
  sso_client_refused: { title: 'The identity provider refuses this application', text: `The client’s id or secret in the connection isn’t the one that the provider knows. ${ASK}` },
  connection_inactive: { title: 'This connection is switched off', text: 'Sign in another way, or ask an administrator of the workspace.' },
  plan_required: { title: 'Single sign-on isn’t included', text: 'The plan of the workspace doesn’t include it any more. Sign in by a mailed link.' },
  saml_unavailable: { title: 'SAML isn’t available here', text: `This deployment has no SAML. ${ASK}` },
  email_missing: { title: 'The identity provider named no e-mail address', text: `It has to send the claim “email”. ${ASK}` },
  email_invalid: { title: 'The identity provider named no valid e-mail address', text: ASK },
  email_unverified: { title: 'Your e-mail address isn’t verified', text: 'Verify it at the identity provider, or have the workspace verify the domain of your address under Domains.' },
  identity_conflict: { title: 'This address belongs to somebody else of the provider', text: `Another person of the same provider signed in with it before. ${ASK}` },
  seat_limit_reached: { title: 'There is no seat left', text: 'An administrator has to free one or ask for a larger plan. Then sign in again.' },
  deprovisioned: { title: 'Your account was switched off', text: 'The identity provider took you out of this workspace. Ask whoever manages it to let you in again.' },
  last_owner: { title: 'The workspace would lose its last owner', text: ASK },
  sso_session_required: { title: 'This workspace wants single sign-on', text: 'Sign in through your company’s identity provider.' },
  not_found: { title: 'There is no such connection', text: 'It may have been deleted, or the address is cut off.' },
};

/** Words for a code; what isn't known is told as what it is. */
export function refusalOf(code: string): Refusal {
  if (code.startsWith('id_token_') || code.startsWith('saml_')) return REFUSALS[code] ?? TOKEN;
  if (code.startsWith('sso_')) return REFUSALS[code] ?? PROVIDER;
  return REFUSALS[code] ?? { title: 'The login was refused', text: ASK };
}
