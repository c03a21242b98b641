// Every view of the console by its address, for what has to hold of each.

/** What an address names. */
export interface Named {
  slug: string;
  member: string;
  group: string;
  connection: string;
}

/** Views of a workspace, as its owner sees them. */
export const views = ({ slug, member, group, connection }: Named): Record<string, string> => ({
  members: `/w/${slug}/members`,
  member: `/w/${slug}/members/${member}`,
  effective: `/w/${slug}/members/${member}/effective`,
  history: `/w/${slug}/members/${member}/history`,
  invites: `/w/${slug}/invites`,
  expired: `/w/${slug}/invites/expired`,
  invite: `/w/${slug}/invite`,
  import: `/w/${slug}/import`,
  groups: `/w/${slug}/groups`,
  group: `/w/${slug}/groups/${group}`,
  roles: `/w/${slug}/roles`,
  role: `/w/${slug}/roles/source_admin`,
  explorer: `/w/${slug}/explorer/who?action=source:edit&resource=source/website`,
  explained: `/w/${slug}/explorer/what?action=source:edit&resource=source/website&member=${member}`,
  stale: `/w/${slug}/stale`,
  'stale-invites': `/w/${slug}/stale/invites?days=30`,
  me: `/w/${slug}/me`,
  resources: `/w/${slug}/resources`,
  labels: `/w/${slug}/labels`,
  tokens: `/w/${slug}/tokens`,
  audit: `/w/${slug}/audit`,
  settings: `/w/${slug}/settings`,
  sso: `/w/${slug}/sso`,
  'sso-new': `/w/${slug}/sso/new`,
  connection: `/w/${slug}/sso/${connection}`,
  trial: `/w/${slug}/sso/${connection}/test`,
  mappings: `/w/${slug}/sso/${connection}/groups`,
  domains: `/w/${slug}/domains`,
  scim: `/w/${slug}/scim`,
  workspaces: '/?choose',
  'new-workspace': '/new',
  nothing: '/w/nothing',
});

/** Pages that nobody has to be signed in for. */
export const open: Record<string, string> = {
  'sign-in': '/sign-in',
  'sign-in-refused': '/sign-in?error=email_unverified',
  tried: '/tried',
  'sign-in-link': '/sign-in/rcl_link_x',
  'invite-dead': '/invites/rcl_inv_x',
};
