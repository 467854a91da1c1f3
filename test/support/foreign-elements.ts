/** What nobody put into a page: elements that do something or bring something in, and pictures other than the house's own. */
export const foreignElements = [
  'main :is(script, img, iframe, form[action], base, style, link, meta, object, embed, video, template)',
  'main svg:not(:is(.timeline, .chart) > svg)',
  'main svg :is(script, foreignObject, image, use, animate, set, a)',
].join();
