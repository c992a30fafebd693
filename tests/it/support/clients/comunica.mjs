// Asks a query of sources with Comunica and prints the rows as JSON. A source is `sparql@URL`, or the address of a
// document; `traverse` as first argument follows links from there.
const [engine, query, ...sources] = process.argv.slice(2);

const { QueryEngine } =
  engine === "traverse"
    ? await import("@comunica/query-sparql-link-traversal")
    : await import("@comunica/query-sparql");

const stream = await new QueryEngine().queryBindings(query, {
  sources: sources.map((source) =>
    source.startsWith("sparql@") ? { type: "sparql", value: source.slice(7) } : source,
  ),
  lenient: engine === "traverse",
});
const rows = await stream.toArray();
const plain = (row) => Object.fromEntries([...row].map(([name, term]) => [name.value, term.value]));
console.log(JSON.stringify(rows.map(plain)));
process.exit(0);
