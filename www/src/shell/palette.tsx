// Not there yet.
export function Palette(_: { ws: string; workspace: unknown; onClose: () => void }) {
  return null;
}
