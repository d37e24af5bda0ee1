/** What a script or a stylesheet uses that a browser lacks, by the data of MDN. */

/** A node of the syntax tree (ESTree). */
interface Node {
  type: string;
  [key: string]: unknown;
}

interface Support {
  version_added?: string | false | null;
  version_removed?: string;
  flags?: unknown;
  prefix?: string;
}
interface Entry {
  __compat?: { support: Record<string, Support | Support[] | undefined> };
  [name: string]: unknown;
}

export interface Data {
  api: object;
  javascript: object;
  css: object;
}
export type Browsers = Readonly<Record<string, string>>;

export interface Missing {
  name: string;
  browsers: string[];
}

/** Objects of the page by the interfaces that they have. */
const OBJECTS: Record<string, string> = {
  navigator: "Navigator",
  crypto: "Crypto",
  document: "Document",
  performance: "Performance",
  window: "Window",
  self: "Window",
  globalThis: "Window",
};

/** Types of values whose methods are looked up by name alone. */
const WITH_METHODS = [
  ...["Array", "TypedArray", "Uint8Array", "ArrayBuffer", "Map", "Set", "WeakMap", "Iterator", "Promise"],
  ...["String", "RegExp", "Number", "Date", "Function", "Object"],
];

export function features(tree: unknown, data: Data, browsers: Browsers): Missing[] {
  const api = data.api as Record<string, Entry>;
  const builtins = (data.javascript as { builtins: Record<string, Entry> }).builtins;
  const own = namesOf(tree);
  const found = new Map<string, string[]>();
  const check = (name: string, entries: (Entry | undefined)[]) => {
    const known = entries.filter((one) => one?.__compat !== undefined);
    // One owner that has it for long is enough: `map` is new for iterators and old for arrays.
    const lacks = known.map((one) => lacking(one, browsers)).sort((one, other) => one.length - other.length);
    if (lacks[0] !== undefined && lacks[0].length > 0) found.set(name, lacks[0]);
  };
  const memberOf = (object: string, property: string) => {
    const owner = OBJECTS[object] ?? object;
    const at = own.declared.has(object) ? undefined : (api[owner] ?? builtins[owner]);
    const name = [`${property}_static`, property].find((one) => at !== undefined && Object.hasOwn(at, one));
    return name === undefined ? undefined : (at?.[name] as Entry);
  };
  const methods = (name: string) =>
    WITH_METHODS.map((type) => builtins[type] ?? {}).map((owner) =>
      Object.hasOwn(owner, name) ? (owner[name] as Entry) : undefined,
    );

  walk(tree, (node) => {
    if (node.type === "MemberExpression" && node.computed === false) {
      const [object, property] = [nameOf(node.object), nameOf(node.property)];
      if (object === undefined || property === undefined) return;
      if (!own.safe.has(object) && !own.safe.has(`${object}.${property}`))
        check(`${object}.${property}`, [memberOf(object, property)]);
    }
    if (node.type === "CallExpression" && (node.callee as Node).type === "MemberExpression") {
      const { computed, object, property } = node.callee as Node;
      const name = computed === false ? nameOf(property) : undefined;
      if (name === undefined || own.safe.has(`.${name}`) || own.methods.has(name)) return;
      if (memberOf(nameOf(object) ?? "", name) === undefined) check(`method ${name}`, methods(name));
    }
    if (node.type === "NewExpression" || node.type === "CallExpression") {
      const name = nameOf(node.callee);
      if (name === undefined || own.declared.has(name) || own.safe.has(name)) return;
      check(name, [api[name], builtins[name]]);
    }
    if (node.type === "Literal" && (node.regex as { flags: string } | undefined)?.flags.includes("v"))
      found.set("regular expression with the flag v", ["browsers before 2023"]);
  });
  return [...found].map(([name, lacks]) => ({ name, browsers: lacks }));
}

export function missingStyles(css: string, data: Data, browsers: Browsers): Missing[] {
  const rules = data.css as Record<string, Record<string, Entry>>;
  const colours = (rules.types?.color ?? {}) as Record<string, Entry>;
  const used: [string, Entry | undefined][] = [
    ...names(css, /@([a-z-]+)/g).map((name): [string, Entry | undefined] => [
      `at-rule @${name}`,
      rules["at-rules"]?.[name],
    ]),
    ...names(css, /[^:\\]::?([a-z-]+)(?=[({,:.\s)])/g).map((name): [string, Entry | undefined] => [
      `selector :${name}`,
      rules.selectors?.[name],
    ]),
    ...names(css, /[{;]([a-z-]+):/g).map((name): [string, Entry | undefined] => [
      `property ${name}`,
      rules.properties?.[name],
    ]),
    ...names(css, /[ :,(]((?:ok)?l(?:ab|ch)|color-mix|light-dark)\(/g).map(
      (name): [string, Entry | undefined] => [`${name}()`, colours[name]],
    ),
  ];
  return used.flatMap(([name, entry]) => {
    const lacks =
      entry === undefined || /^(property|selector :) ?-/.test(name) ? [] : lacking(entry, browsers);
    return lacks.length === 0 ? [] : [{ name, browsers: lacks }];
  });
}

function lacking(entry: Entry | undefined, browsers: Browsers): string[] {
  const support = entry?.__compat?.support ?? {};
  return Object.entries(browsers)
    .filter(([browser, version]) => {
      const all = [support[browser] ?? []].flat();
      return !all.some((one) => one.flags === undefined && one.prefix === undefined && covers(one, version));
    })
    .map(([browser, version]) => `${browser} ${version}`);
}

function covers({ version_added: added, version_removed: removed }: Support, version: string): boolean {
  if (typeof added !== "string" || added === "preview") return false;
  const since = Number(added.replace("≤", ""));
  return (
    since <= Number(version) &&
    !(removed !== undefined && Number(removed.replace("≤", "")) <= Number(version))
  );
}

interface Names {
  /** Of functions, classes and variables. */
  declared: Set<string>;
  /** Tested for before use or defined by a polyfill: `name`, `owner.name`, and `.name` for any owner. */
  safe: Set<string>;
  /** Of classes: a call of one may be a call of its own. */
  methods: Set<string>;
}

function namesOf(tree: unknown): Names {
  const [declared, safe, methods] = [new Set<string>(), new Set<string>(), new Set<string>()];
  const note = (tested: unknown) => {
    const node = tested as Node | null;
    if (node?.type === "Identifier") safe.add(node.name as string);
    if (node?.type === "ChainExpression") note(node.expression);
    if (node?.type !== "MemberExpression" || node.computed !== false) return;
    const [object, property] = [nameOf(node.object), nameOf(node.property) ?? ""];
    safe.add(`.${property}`);
    if (object !== undefined) safe.add(`${object}.${property}`);
  };
  walk(tree, (node) => {
    if (/^(Function|Class)/.test(node.type) || node.type === "VariableDeclarator")
      declared.add(nameOf(node.id) ?? "");
    if (node.type === "UnaryExpression" && /^(typeof|!)$/.test(node.operator as string)) note(node.argument);
    if (node.type === "BinaryExpression" && node.operator === "in") {
      const name = textOf(node.left as Node);
      safe.add(`.${name}`).add(`${nameOf(node.right) ?? ""}.${name}`);
    }
    if (node.type === "ConditionalExpression" || node.type === "IfStatement") note(node.test);
    if (node.type === "LogicalExpression") note(node.left);
    if (node.type === "CallExpression" && node.optional === true) note(node.callee);
    if (node.type === "AssignmentExpression" && /^(\?\?|\|\|)=$/.test(node.operator as string))
      note(node.left);
    if (node.type === "MethodDefinition") methods.add(nameOf(node.key) ?? "");
    if (node.type === "CallExpression") notePolyfill(node.arguments as Node[], safe);
  });
  return { declared, safe, methods };
}

/** core-js: `$({ target: "Promise", stat: true }, { try: … })`. */
function notePolyfill([options, added]: Node[], safe: Set<string>): void {
  if (options?.type !== "ObjectExpression" || added?.type !== "ObjectExpression") return;
  const target = (options.properties as Node[]).find(({ key }) => nameOf(key) === "target");
  if (target === undefined) return;
  for (const { key } of added.properties as Node[]) {
    const name = nameOf(key) ?? "";
    safe.add(`.${name}`).add(`${textOf(target.value as Node)}.${name}`);
  }
}

function nameOf(node: unknown): string | undefined {
  const one = node as Node | null | undefined;
  return one?.type === "Identifier" ? (one.name as string) : undefined;
}

/** Minifiers write texts as templates too. */
function textOf(node: Node): string {
  const [first] = (node.quasis ?? []) as { value: { cooked: string } }[];
  return first === undefined ? String(node.value) : first.value.cooked;
}

function names(text: string, pattern: RegExp): string[] {
  return [...new Set([...text.matchAll(pattern)].map((match) => match[1] ?? ""))];
}

function walk(tree: unknown, visit: (node: Node) => void): void {
  if (Array.isArray(tree)) for (const one of tree) walk(one, visit);
  else if (typeof tree === "object" && tree !== null) {
    if (typeof (tree as Node).type === "string") visit(tree as Node);
    for (const value of Object.values(tree)) if (typeof value === "object") walk(value, visit);
  }
}
