import '@patternfly/react-core/dist/styles/base.css';
import './app/app.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app/app.tsx';
import { followLinks } from './router/follow-links.ts';

const root = document.getElementById('root');
if (!root) throw new Error('the page has no #root');
followLinks(document.body);
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
