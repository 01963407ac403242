// Vouches for addresses of scripts: the page's Content-Security-Policy takes none but from here, and here only the
// page's own pass.

interface TrustedFactory {
  createPolicy(
    name: string,
    rules: { createScriptURL(address: string): string },
  ): { createScriptURL(address: string): string };
}

function own(address: string): string {
  const { href, origin } = new URL(address, document.baseURI);
  if (origin !== location.origin) throw new Error(`not a script of this page: ${href}`);
  return href;
}

const factory = (globalThis as { trustedTypes?: TrustedFactory }).trustedTypes;
const policy = factory?.createPolicy('faultline', { createScriptURL: own });

/** The address of a script of the page's own, for a worker. */
export function trustedAddress(address: string): string {
  return policy?.createScriptURL(address) ?? own(address);
}
