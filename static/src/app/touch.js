// Tells the server that who holds the order of this page is at work on it, so
// that it is not given back meanwhile: after a key, the pointer or the wheel in
// a page that is in sight, every two minutes at most. A page that is only open
// says nothing.
import { post } from "./post.js";

const every = 120_000;

export function startTouch() {
  let last = Date.now(); // reading the page was a sign of its own
  const active = () => {
    const address = document.querySelector("[data-touch]")?.dataset.touch;
    if (!address || document.hidden || Date.now() - last < every) return;
    last = Date.now();
    post(address);
  };
  for (const name of ["keydown", "pointerdown", "pointermove", "wheel"]) document.addEventListener(name, active, { passive: true });
  document.addEventListener("visibilitychange", active);
}
