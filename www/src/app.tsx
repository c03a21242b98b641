// The addresses of the console that lie outside of a workspace, and the way into one.
import { lazy, Suspense } from 'react';
import { QueryClientProvider } from '@tanstack/react-query';
import { Route, Switch } from 'wouter';

import { client } from './api/client';
import { Home } from './session/home';
import { NotFound } from './shell/not-found';
import { Boundary } from './ui/boundary';
import { Loading } from './ui/page';
import { Toasts } from './ui/toast';

const Shell = lazy(() => import('./shell/shell').then((module) => ({ default: module.Shell })));
const SignIn = lazy(() => import('./session/sign-in').then((module) => ({ default: module.SignIn })));
const OpenLink = lazy(() => import('./session/open-link').then((module) => ({ default: module.OpenLink })));
const Offer = lazy(() => import('./session/offer').then((module) => ({ default: module.OfferPage })));
const Tried = lazy(() => import('./session/tried').then((module) => ({ default: module.Tried })));
const NewWorkspace = lazy(() => import('./session/new-workspace').then((module) => ({ default: module.NewWorkspace })));

export function App() {
  return (
    <QueryClientProvider client={client}>
      <Boundary>
        <Suspense fallback={<Loading />}>
          <Switch>
            <Route path="/" component={Home} />
            <Route path="/sign-in" component={SignIn} />
            <Route path="/sign-in/:secret">{({ secret }) => <OpenLink secret={secret} />}</Route>
            <Route path="/invites/:secret">{({ secret }) => <Offer secret={secret} />}</Route>
            <Route path="/tried" component={Tried} />
            <Route path="/new" component={NewWorkspace} />
            <Route path="/w/:ws/*?">{({ ws }) => <Shell ws={ws} />}</Route>
            <Route component={NotFound} />
          </Switch>
        </Suspense>
      </Boundary>
      <Toasts />
    </QueryClientProvider>
  );
}
