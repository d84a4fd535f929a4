// Counts working time down in place. The server says how much was left at its
// own instant data-at, and for how long working time runs on; this only
// subtracts what has passed here since, so a wrong clock does no harm.
import { announce, say } from "./words.js";

const seen = new WeakMap(); // element → { stamp, since }
const levels = ["calm", "soon", "urgent", "late"];

export function startCountdown() {
  tick();
  setInterval(tick, 1000);
  document.addEventListener("htmx:after:swap", tick);
  document.addEventListener("visibilitychange", tick);
}

function tick() {
  for (const badge of document.querySelectorAll("[data-countdown]")) update(badge);
}

function update(badge) {
  const stamp = `${badge.dataset.at} ${badge.dataset.left}`;
  let mark = seen.get(badge);
  if (mark?.stamp !== stamp) {
    mark = { stamp, since: Date.now() };
    seen.set(badge, mark);
  }
  const passed = Math.min(Math.max(0, (Date.now() - mark.since) / 1000), Number(badge.dataset.openFor));
  const left = Number(badge.dataset.left) - passed;
  show(badge, levelOf(left), left);
}

export function levelOf(seconds) {
  if (seconds <= 0) return "late";
  if (seconds < 30 * 60) return "urgent";
  return seconds <= 60 * 60 ? "soon" : "calm";
}

function show(badge, level, left) {
  const before = badge.dataset.level;
  const text = sentence(level, left);
  const place = badge.querySelector("[data-words]");
  if (place.textContent !== text) place.textContent = text;
  if (level === before) return;
  badge.classList.remove(`time-${before}`);
  badge.classList.add(`time-${level}`);
  badge.dataset.level = level;
  const grew = levels.indexOf(level) > levels.indexOf(before);
  if (badge.dataset.what && grew && (level === "urgent" || level === "late")) {
    announce(say(level === "late" ? "becameLate" : "becameUrgent", { what: badge.dataset.what }));
  }
}

// The same choices as TimeLeft.words in views/parts.
function sentence(level, left) {
  const minutes = Math.floor(Math.abs(left) / 60);
  const h = Math.floor(minutes / 60);
  const m = minutes % 60;
  if (level === "late") {
    if (minutes === 0) return say("timeLateNow");
    if (h === 0) return say("timeLateM", { m });
    return m === 0 ? say("timeLateH", { h }) : say("timeLateHm", { h, m });
  }
  if (level === "urgent") return minutes === 0 ? say("timeUrgentNow") : say("timeUrgentM", { m });
  if (h > 0) return m === 0 ? say("timeCalmH", { h }) : say("timeCalmHm", { h, m });
  return say("timeLeftM", { m });
}
