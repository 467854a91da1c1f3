/** Moves a bar with the level of a microphone until stopped; without a level it hides. */
export function showLevel(meter: HTMLElement, level: () => number | undefined, stop: AbortSignal): void {
  const draw = () => {
    if (stop.aborted) return;
    const decibels = level();
    meter.hidden = decibels === undefined;
    const height = decibels === undefined ? 0 : Math.max(0, Math.min(1, (decibels + 60) / 50));
    meter.style.setProperty('--level', height.toFixed(3));
    requestAnimationFrame(draw);
  };
  draw();
}
