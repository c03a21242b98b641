// Not there yet.
import { Page } from '../../ui/page';
export function View() {
  return <Page title="Soon">Soon.</Page>;
}
