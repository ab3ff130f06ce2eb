import type { TenderFactory } from './api';
import { EmbeddedCheckout } from './checkout';

export const Tender: TenderFactory = (baseUrl) => {
  const address = new URL(baseUrl);
  if (!/^https?:$/.test(address.protocol)) throw new TypeError('Tender: the base address starts with https:// (or http:// on your own machine)');
  const base = address.href.replace(/\/+$/, '');
  return {
    checkout(options) {
      if (!options?.clientSecret) throw new TypeError('Tender: checkout needs the clientSecret that your server got for the session');
      return new EmbeddedCheckout(base, options);
    },
  };
};

export default Tender;
