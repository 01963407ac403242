// Settles what the host lets the page do, and sets up the service worker that makes up for the rest.

import { signal } from '@preact/signals';
import { trustedAddress } from '../../engine/trusted.ts';

/** A newer build is here and waits to be opened. */
export const newBuild = signal<ServiceWorker | undefined>(undefined);

/** Remembers in this tab that the page was reloaded once to be isolated: twice would be a loop. */
const TRIED = 'faultline.isolated-once';
/** How long the first visit waits for the service worker before it goes on without. */
const PATIENCE_MS = 4000;

/** Only a page of its own, over a safe connection, from a build: another's frame is left as it is. */
const mayServe = import.meta.env.PROD && 'serviceWorker' in navigator && window === window.top;

function mayReload(): boolean {
  try {
    if (sessionStorage.getItem(TRIED) !== null) return false;
    sessionStorage.setItem(TRIED, '1');
    return sessionStorage.getItem(TRIED) === '1';
  } catch {
    // What cannot be remembered could go on for ever.
    return false;
  }
}

function activation(registration: ServiceWorkerRegistration): Promise<boolean> {
  const worker = registration.active ?? registration.waiting ?? registration.installing;
  return new Promise((resolve) => {
    if (worker === null) return resolve(false);
    const look = () => {
      if (worker.state === 'activated') resolve(true);
      else if (worker.state === 'redundant') resolve(false);
    };
    worker.addEventListener('statechange', look);
    look();
    setTimeout(() => resolve(false), PATIENCE_MS);
  });
}

/**
 * The newer build that waits. On a first visit the only one waits too, for a moment; in WebKit, which tells late, it has
 * even taken the page over by then, so what says that it is newer is that another one serves.
 */
export function newerIn({
  waiting,
  active,
}: Pick<ServiceWorkerRegistration, 'waiting' | 'active'>): ServiceWorker | undefined {
  return active === null ? undefined : (waiting ?? undefined);
}

function watchForBuilds(registration: ServiceWorkerRegistration): void {
  const offer = () => {
    newBuild.value = newerIn(registration) ?? newBuild.value;
  };
  registration.addEventListener('updatefound', () =>
    registration.installing?.addEventListener('statechange', offer),
  );
  offer();
}

/** Opens the newer build: the scenario is kept, and comes back with it. */
export function openNewBuild(): void {
  navigator.serviceWorker.addEventListener('controllerchange', () => location.reload(), {
    once: true,
  });
  newBuild.value?.postMessage('take-over');
}

/**
 * Sets up the service worker. True if the page is about to be loaded again, isolated, so that nothing need be
 * started now.
 */
export async function settleHost(): Promise<boolean> {
  if (!mayServe) return false;
  try {
    const address = trustedAddress(new URL('service-worker.js', document.baseURI).href);
    const registration = await navigator.serviceWorker.register(address);
    watchForBuilds(registration);
    if (crossOriginIsolated || !(await activation(registration)) || !mayReload()) return false;
    location.reload();
    return true;
  } catch {
    // A host or a browser that has no room for it: the page works as it is.
    return false;
  }
}
