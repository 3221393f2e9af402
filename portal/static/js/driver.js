// The card for the driver: the screen stays on, and the card opens again without a network.

const keepOn = () => navigator.wakeLock?.request("screen").catch(() => {});
keepOn();
document.addEventListener("visibilitychange", () => document.hidden || keepOn());
navigator.serviceWorker?.register("/driver-cards.js").catch(() => {});
