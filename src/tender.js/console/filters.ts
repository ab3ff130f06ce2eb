/** `<form method="get" data-module="filters">`: applies a changed filter at once; empty ones stay out of the address bar. */
export default function filters(form: HTMLFormElement): void {
  // Only now, so that what was chosen before this module came can still be applied.
  const apply = form.querySelector<HTMLElement>('.filters-apply');
  if (apply) apply.hidden = true;
  form.addEventListener('change', (changed) => {
    if ((changed.target as Element).matches('select, input[type="checkbox"], input[type="date"]')) form.requestSubmit();
  });
  form.addEventListener('formdata', (made) => {
    for (const [name, value] of [...made.formData]) {
      if (value === '') made.formData.delete(name);
    }
  });
}
