// The card for the driver, and the voucher: the screen stays on, and the page opens again without a network.

const keepOn = () => navigator.wakeLock?.request("screen").catch(() => {});
keepOn();
document.addEventListener("visibilitychange", () => document.hidden || keepOn());
navigator.serviceWorker?.register("/driver-cards.js").catch(() => {});
