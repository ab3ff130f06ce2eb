import type { Session } from './session';

/**
 * A provider's form inside the checkout. A new provider is one file that exports a drawer, and one line in `drawers.ts`.
 * A drawer moves the payer's details to the provider and nothing else: whether money came is asked of the server.
 */
export interface Drawer {
  /** Loads the provider's script and shows its form in the slot. Rejects with {@link ScriptMissing} when the script does not come. */
  open(session: Embedded, slot: HTMLElement): Promise<OpenDrawer>;
  /** Says whether this address is the payer's way back from the provider, and what it looks like without the provider's marks. */
  comeBack(address: URL): ComeBack | null;
}

/** A session that its provider lets be paid inside a page. */
export type Embedded = Session & { script: string; publishableKey: string; clientSecret: string };

export function isEmbedded(session: Session): session is Embedded {
  return Boolean(session.script && session.publishableKey && session.clientSecret);
}

export interface OpenDrawer {
  /** Sends what the payer typed to the provider. Called again only after `refused` or `unclear`. */
  confirm(returnUrl: string): Promise<Confirmed>;
  close(): void;
}

/** How far a confirmation came, as far as the browser can know. */
export type Confirmed =
  /** The provider has it. */
  | { kind: 'sent' }
  /** The provider said no; no money moved. */
  | { kind: 'refused'; code: string; message: string }
  /** Nobody here knows; the server must be asked before anything is tried again. */
  | { kind: 'unclear'; code: string; message: string };

export interface ComeBack {
  cleaned: URL;
  /** A hint of the provider, never a proof. */
  hint: 'sent' | 'refused';
}

/** The provider's script did not load. */
export class ScriptMissing extends Error {}

const loading = new Map<string, Promise<void>>();

/** Loads a script once for each page, however many checkouts ask; a script that failed may be asked for again. */
export function loadScript(address: string): Promise<void> {
  const already = loading.get(address);
  if (already) return already;

  const load = new Promise<void>((done, failed) => {
    const element = document.createElement('script');
    element.src = address;
    element.async = true;
    element.onload = () => done();
    element.onerror = () => {
      element.remove();
      loading.delete(address);
      failed(new ScriptMissing(address));
    };
    document.head.append(element);
  });
  loading.set(address, load);
  return load;
}
