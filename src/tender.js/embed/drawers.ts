import type { Drawer } from './drawer';
import { stripe } from './stripe';

/** By the provider's code, as the session names it. */
export const drawers: Record<string, Drawer | undefined> = { stripe };
