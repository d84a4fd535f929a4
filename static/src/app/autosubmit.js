// A form with data-autosubmit sends itself: the way to the payment gateway.
export function startAutosubmit() {
  document.querySelector("form[data-autosubmit]")?.requestSubmit();
}
