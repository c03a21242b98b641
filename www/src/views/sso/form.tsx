// What is said of a connection: the provider, and what is made of its groups.
import type { ReactNode } from 'react';

import { Problem } from '../../api/http';
import { AreaField, Check, SelectField, TextField } from '../../ui/field';
import type { Connection, Protocol } from './queries';

export interface Draft {
  protocol: Protocol;
  name: string;
  issuer: string;
  client_id: string;
  client_secret: string;
  metadata_xml: string;
  idp_initiated: boolean;
  group_claim: string;
  sync: Connection['sync'];
}

export const BLANK: Draft = { protocol: 'oidc', name: '', issuer: '', client_id: '', client_secret: '', metadata_xml: '', idp_initiated: false, group_claim: 'groups', sync: 'each_login' };

/** The fields of the form as the API takes them; what isn't typed of a secret or of metadata stays as it is. */
export function bodyOf({ protocol, name, issuer, client_id, client_secret, metadata_xml, idp_initiated, group_claim, sync }: Draft) {
  const shared = { name: name.trim(), group_claim: group_claim.trim(), sync };
  if (protocol === 'saml') return { ...shared, idp_initiated, ...(metadata_xml.trim() === '' ? {} : { metadata_xml }) };
  return { ...shared, issuer: issuer.trim(), client_id: client_id.trim(), ...(client_secret === '' ? {} : { client_secret }) };
}

interface FieldsProps {
  draft: Draft;
  set: (change: Partial<Draft>) => void;
  error: unknown;
  /** The connection that is changed, if it is there already. */
  known?: Connection;
}

export function Fields({ draft, set, error, known }: FieldsProps) {
  const field = (name: Exclude<keyof Draft, 'idp_initiated'>) => ({
    value: draft[name],
    onChange: (event: { target: { value: string } }) => set({ [name]: event.target.value }),
    error: error instanceof Problem ? error.issues.find((issue) => issue.path === `/${name}`)?.detail : undefined,
  });
  return (
    <>
      <TextField label="Name" required hint="As people here call the provider: “Okta”, “Entra ID”." {...field('name')} />
      {draft.protocol === 'oidc' ? (
        <>
          <TextField label="Issuer" type="url" required hint="The provider’s own address, without a query: https://login.example.com. Its configuration is looked for under it." {...field('issuer')} />
          <TextField label="Client ID" required {...field('client_id')} />
          <TextField label="Client secret" type="password" autoComplete="new-password" hint={known?.has_client_secret ? 'There is one, and it is never shown. Type another to replace it.' : 'Kept sealed and never shown. Leave it empty for a public client.'} {...field('client_secret')} />
        </>
      ) : (
        <>
        <AreaField label="Metadata" rows={8} required={known === undefined} hint={known === undefined ? 'The XML that the provider shows or lets you download.' : 'Paste the newer XML to replace what is known, for example when a certificate ends.'} {...field('metadata_xml')} />
        <Check label="A login may begin at the provider" hint="For tiles in its dashboard. Less safe: nothing ties the answer to a browser that asked." checked={draft.idp_initiated} onChange={(event) => set({ idp_initiated: event.target.checked })} />
        </>
      )}
      <TextField label="Group claim" required hint="The claim or attribute in which the provider lists somebody’s groups." {...field('group_claim')} />
      <SelectField label="Apply groups" {...field('sync')}>
        <option value="each_login">At each login: who leaves a group there leaves it here</option>
        <option value="first_login">At the first login alone: afterwards it is managed here</option>
      </SelectField>
    </>
  );
}

/** A numbered step of a guide. */
export function Step({ number, title, children }: { number: number; title: string; children: ReactNode }) {
  return (
    <section aria-label={title} className="card flex flex-col gap-4 p-4 sm:p-5">
      <h2 className="flex items-center gap-3 text-lg font-semibold">
        <span className="flex size-7 shrink-0 items-center justify-center rounded-full border border-kumo-line text-sm" aria-hidden="true">
          {number}
        </span>
        {title}
      </h2>
      {children}
    </section>
  );
}
