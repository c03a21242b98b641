// A room for what this deployment doesn't have yet: it says so plainly, and what will be set up here.
import { Badge } from '@cloudflare/kumo/components/badge';

import { Page } from '../../ui/page';

export function Room({ title, intro, steps, until }: { title: string; intro: string; steps: string[]; until: string }) {
  return (
    <Page title={title} intro={intro}>
      <div className="card flex flex-col gap-4 p-5">
        <p className="flex flex-wrap items-center gap-2">
          <Badge variant="neutral">Not available</Badge>
          <strong className="font-medium">This deployment doesn’t have {title} yet.</strong>
        </p>
        <p>{until}</p>
        <h2 className="font-medium">What will be set up here</h2>
        <ol className="list-decimal pl-5">
          {steps.map((step) => (
            <li key={step}>{step}</li>
          ))}
        </ol>
      </div>
    </Page>
  );
}
