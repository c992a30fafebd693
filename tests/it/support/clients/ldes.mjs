// Follows a stream with the reference client, from the beginning or from where its state says, and prints each member
// as a line of JSON: its identifier and its quads.
import { intoConfig, replicateLDES } from "ldes-client";
import { Writer } from "n3";

const [url, statePath, order] = process.argv.slice(2);

function written(quads) {
  const writer = new Writer({ format: "N-Quads" });
  let text;
  writer.addQuads(quads);
  writer.end((error, result) => {
    if (error) throw error;
    text = result;
  });
  return text;
}

const config = intoConfig({ url, statePath, pollInterval: 200 });
const client = replicateLDES(config, order);
client.on("error", (error) => {
  console.error(error);
  process.exit(2);
});
const reader = client.stream({ highWaterMark: 10 }).getReader();
for (;;) {
  const { value, done } = await reader.read();
  if (done) break;
  console.log(JSON.stringify({ id: value.id.value, quads: written(value.quads) }));
}
