// The start of the console.
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';

import { client } from './api/client';
import { meQuery } from './api/queries';
import { App } from './app';
import './styles.css';

// Who is there, the frame, the view and its rows are fetched at once, not one after the other.
if (location.pathname.startsWith('/w/')) {
  void client.prefetchQuery(meQuery);
  void import('./shell/shell');
  void import('./shell/views').then(({ preload }) => preload(location));
}

const root = document.getElementById('root');
if (root !== null) {
  createRoot(root).render(
    <StrictMode>
      <App />
    </StrictMode>,
  );
}
