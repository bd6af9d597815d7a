// Reads {"tables": {scope: {table: schema}}, "queries": [{"name", "text", "scope"}]} from stdin and
// writes, for each query, what Microsoft's own parser says of it: diagnostics with line and column, the
// columns of its result, and its tokens. The package is given as the only argument.
"use strict";

const path = require("node:path");

const folder = process.argv[2];
require(path.join(folder, "bridge.min.js"));
require(path.join(folder, "Kusto.Language.Bridge.min.js"));

const { KustoCode, GlobalState, Symbols } = globalThis.Kusto.Language;

const items = (list) =>
  Array.from({ length: System.Array.getCount(list) }, (_, index) =>
    System.Array.getItem(list, index)
  );

function scopeWith(tables) {
  const symbols = Object.entries(tables).map(
    ([name, schema]) => new Symbols.TableSymbol.$ctor7(name, schema)
  );
  return GlobalState.Default.WithDatabase(new Symbols.DatabaseSymbol.$ctor1("logs", symbols, false));
}

function position(text, start) {
  const before = text.slice(0, start).split("\n");
  return { line: before.length, column: before.at(-1).length + 1 };
}

function analyse({ name, text, scope }, scopes) {
  const code = KustoCode.ParseAndAnalyze(text, scopes[scope]);
  const result = code.ResultType;
  return {
    name,
    diagnostics: items(code.GetDiagnostics()).map((each) => ({
      severity: each.Severity,
      message: each.Message,
      ...position(text, each.Start),
    })),
    columns: result?.Columns
      ? items(result.Columns).map((column) => ({ name: column.Name, type: column.Type.Name }))
      : [],
    tokens: items(code.GetLexicalTokens()).map((token) => token.Text).filter(Boolean),
  };
}

let input = "";
process.stdin.setEncoding("utf8");
process.stdin.on("data", (chunk) => (input += chunk));
process.stdin.on("end", () => {
  const { tables, queries } = JSON.parse(input);
  const scopes = Object.fromEntries(
    Object.entries(tables).map(([scope, schema]) => [scope, scopeWith(schema)])
  );
  process.stdout.write(JSON.stringify(queries.map((query) => analyse(query, scopes))));
});
