import { encryptForServer, type EncryptionKey } from './seal';

const insecure =
  'This page was not opened over https, so the browser cannot seal secrets. Nothing was sent. Open Tender over https, or on localhost.';

/**
 * `<form data-module="seal">`: seals every `<input data-seal="purpose" name="…">` before the form is sent.
 * From the first moment such an input has no name, so no way of sending the form can take its plaintext along;
 * the sealed value travels in a hidden input that carries the name.
 */
export default function sealForm(form: HTMLFormElement): void {
  const secrets = [...form.querySelectorAll<HTMLInputElement | HTMLTextAreaElement>('[data-seal]')];
  for (const input of secrets) {
    if (input.name) input.dataset.sealName = input.name;
    input.removeAttribute('name');
  }
  if (!globalThis.crypto?.subtle) {
    tell(form, insecure);
    form.addEventListener('submit', refuse, true);
    return;
  }
  // Rendered disabled, so that without this module nothing can be typed that nobody would seal.
  for (const input of secrets) input.disabled = false;

  let sealing = false;
  let sealed = false;
  // In the capture phase: before anything else sees the submit.
  form.addEventListener(
    'submit',
    (submitted) => {
      if (sealed) {
        sealed = false;
        return;
      }
      refuse(submitted);
      if (sealing) return;
      sealing = true;
      form.setAttribute('aria-busy', 'true');
      tell(form, '');
      void sealAll(form, secrets)
        .then(() => {
          sealed = true;
          form.requestSubmit(submitted.submitter);
        })
        .catch((fault: unknown) => tell(form, fault instanceof CannotSeal ? fault.message : 'The secret could not be sealed. Nothing was sent.'))
        .finally(() => {
          sealing = false;
          form.removeAttribute('aria-busy');
        });
    },
    true,
  );
}

class CannotSeal extends Error {}

function refuse(submitted: Event): void {
  submitted.preventDefault();
  submitted.stopImmediatePropagation();
}

async function sealAll(form: HTMLFormElement, secrets: (HTMLInputElement | HTMLTextAreaElement)[]): Promise<void> {
  // A challenge is good once: what an earlier try sealed is thrown away.
  for (const old of form.querySelectorAll('[data-sealed]')) old.remove();

  const sealed: HTMLInputElement[] = [];
  for (const input of secrets) {
    const name = input.dataset.sealName;
    if (!name || input.value === '') continue;
    const carrier = document.createElement('input');
    carrier.type = 'hidden';
    carrier.name = name;
    carrier.dataset.sealed = '';
    carrier.value = await seal(input.value, form.dataset.sealKey ?? '/api/encryption-key', input.dataset.seal ?? '');
    sealed.push(carrier);
  }
  form.append(...sealed);
}

async function seal(plaintext: string, keyUrl: string, purpose: string): Promise<string> {
  const key = await fetchKey(keyUrl);
  try {
    return await encryptForServer(plaintext, key, purpose);
  } catch (fault) {
    if (fault instanceof RangeError) throw new CannotSeal(`${fault.message} Nothing was sent.`);
    throw fault;
  }
}

async function fetchKey(keyUrl: string): Promise<EncryptionKey> {
  let answer: Response;
  try {
    answer = await fetch(keyUrl, { credentials: 'same-origin', cache: 'no-store', headers: { Accept: 'application/json' } });
  } catch {
    throw new CannotSeal('Tender cannot be reached. Nothing was sent; what you typed is still here.');
  }
  if (answer.status === 401) throw new CannotSeal('You are signed out. Nothing was sent. Sign in again in another tab, then try again here.');
  if (!answer.ok) throw new CannotSeal(`Tender gave no key to seal with (${answer.status}). Nothing was sent; please try again.`);
  return (await answer.json()) as EncryptionKey;
}

function tell(form: HTMLFormElement, says: string): void {
  let place = form.querySelector<HTMLElement>('[data-seal-says]');
  if (!place) {
    place = document.createElement('p');
    place.dataset.sealSays = '';
    place.className = 'field-error';
    place.setAttribute('role', 'alert');
    form.prepend(place);
  }
  place.textContent = says;
  place.hidden = says === '';
}
