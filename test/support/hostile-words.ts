/** Words that would do something if a page took them for more than words. */
export const attacks = [
  '<script>globalThis.owned = 1</script>',
  '<img src=x onerror="globalThis.owned = 1">',
  '<svg onload="globalThis.owned = 1">',
  '"><iframe srcdoc="<script>parent.owned = 1</script>">',
  'javascript:globalThis.owned=1',
  '<a href="https://evil.example/">click</a>',
  '<style>@import "https://evil.example/x.css"</style>',
  '<link rel=stylesheet href=//evil.example/y.css>',
  '<form action=https://evil.example><button>go</button></form>',
  '<base href="https://evil.example/">',
  '{{constructor.constructor("globalThis.owned = 1")()}}',
  '</li></ol><h1>gone</h1>',
  '\u202egnirts desrever',
  '<meta http-equiv=refresh content="0;url=https://evil.example/">',
];
