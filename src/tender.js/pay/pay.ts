// The hosted page: mounts the checkout that the server put there, and lets the server show the end of it.
import { Tender } from '../embed/tender';

const place = document.querySelector<HTMLElement>('[data-checkout]');
if (place?.dataset['checkout']) {
  const here = location.origin + location.pathname;
  Tender(location.origin)
    .checkout({ clientSecret: place.dataset['checkout'], returnUrl: here })
    .mount(place)
    .on('paid', () => location.replace(here));
}
