// Everything here improves pages that work without it. Controls that need it
// are hidden until it runs (data-js hidden).
import { startArrows } from "./arrows.js";
import { startAutosubmit } from "./autosubmit.js";
import { startCountdown } from "./countdown.js";
import { startDays } from "./days.js";
import { startDialogs } from "./dialogs.js";
import { startExpiry } from "./expiry.js";
import { startFiles } from "./files.js";
import { startKeys } from "./keys.js";
import { startLive } from "./live.js";
import { startPalette } from "./palette.js";
import { startPicks } from "./picks.js";
import { startQueue } from "./queue.js";
import { startRequests } from "./requests.js";
import { startRows } from "./rows.js";
import { startSecrets } from "./secrets.js";
import { startShown } from "./shown.js";
import { startTouch } from "./touch.js";

function unhide() {
  for (const element of document.querySelectorAll("[data-js][hidden]")) element.hidden = false;
}

unhide();
document.addEventListener("htmx:after:swap", unhide);
startDialogs();
startKeys();
startArrows();
startPalette();
startCountdown();
startExpiry();
startSecrets();
startFiles();
startRows();
startDays();
startShown();
startTouch();
startRequests();
startLive();
startQueue();
startPicks();
startAutosubmit();
