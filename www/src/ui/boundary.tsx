// What stands in for a page that broke, or whose code is gone since a newer version was put in place.
import { Component, type ReactNode } from 'react';

interface State {
  error: Error | null;
}

export class Boundary extends Component<{ children: ReactNode }, State> {
  state: State = { error: null };

  static getDerivedStateFromError(error: Error): State {
    return { error };
  }

  render(): ReactNode {
    const { error } = this.state;
    if (error === null) return this.props.children;
    const isGone = /import|module|chunk/i.test(error.message);
    return (
      <main className="flex min-h-dvh flex-col items-center justify-center gap-4 p-6 text-center">
        <h1 className="text-2xl font-semibold">{isGone ? 'There is a newer version' : 'This page broke'}</h1>
        <p>{isGone ? 'Reload to go on with it. Nothing that was saved is lost.' : `Nothing that was saved is lost. ${error.message}`}</p>
        <button type="button" className="link" onClick={() => location.reload()}>
          Reload
        </button>
      </main>
    );
  }
}
