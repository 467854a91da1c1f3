import { attempt } from './memory.ts';

/** How bright the pages are: as the device is, or as was chosen here. */
export const lights = ['device', 'bright', 'dark'] as const;
export type Light = (typeof lights)[number];

const key = 'aside.light';

/** What was chosen on this device. */
export const chosenLight = (): Light => lights.find((light) => light === attempt(() => localStorage.getItem(key))) ?? 'device';

const show = (light: Light) => {
  document.documentElement.dataset.light = light;
};

/** Shows the page as bright as was chosen. */
export const showLight = (): void => show(chosenLight());

/** Chooses, and keeps the choice on this device. */
export function chooseLight(light: Light): void {
  attempt(() => (light === 'device' ? localStorage.removeItem(key) : localStorage.setItem(key, light)));
  show(light);
}
