// What happened to one thing, newest first, from the audit trail.
import { Button } from '@cloudflare/kumo/components/button';

import { useAudit } from '../../api/queries';
import { Empty, Failed, Loading } from '../../ui/page';
import { EventLine } from './event';

export function History({ ws, subject }: { ws: string; subject: string }) {
  const trail = useAudit(ws, { subject }, 20);
  if (trail.error !== null) return <Failed error={trail.error} retry={() => void trail.refetch()} />;
  if (trail.data === undefined) return <Loading what="Reading the audit trail" />;
  const events = trail.data.pages.flatMap((page) => page.data);
  if (events.length === 0) return <Empty title="No history yet">What is changed about this from now on stands here.</Empty>;
  return (
    <>
      <ol className="card divide-y divide-kumo-line">
        {events.map((event) => (
          <EventLine key={event.id} ws={ws} event={event} isOwn />
        ))}
      </ol>
      {trail.hasNextPage && (
        <Button className="self-start" loading={trail.isFetchingNextPage} onClick={() => void trail.fetchNextPage()}>
          Show older
        </Button>
      )}
    </>
  );
}
