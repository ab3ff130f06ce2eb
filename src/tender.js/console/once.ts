/** `<form data-module="once">`: a second click sends nothing while the first is under way. */
export default function once(form: HTMLFormElement): void {
  form.addEventListener('submit', (submitted) => {
    if (form.getAttribute('aria-busy') === 'true') {
      submitted.preventDefault();
      return;
    }
    form.setAttribute('aria-busy', 'true');
    submitted.submitter?.setAttribute('aria-disabled', 'true');
  });
  // The back button brings the page back as it was left.
  addEventListener('pageshow', () => {
    form.removeAttribute('aria-busy');
    for (const button of form.querySelectorAll('[aria-disabled]')) button.removeAttribute('aria-disabled');
  });
}
