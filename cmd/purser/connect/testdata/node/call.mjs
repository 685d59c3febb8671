// Makes a release, lists it and provokes a refusal, over one protocol: node call.mjs URL connect|connect-json|grpc|grpc-web name.
// What the service is stands in service.bin, a FileDescriptorSet.
import { readFileSync } from "node:fs";
import { createFileRegistry, fromBinary } from "@bufbuild/protobuf";
import { FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import { Code, ConnectError, createClient } from "@connectrpc/connect";
import { createConnectTransport, createGrpcTransport, createGrpcWebTransport } from "@connectrpc/connect-node";

const [baseUrl, protocol, name] = process.argv.slice(2);
const files = createFileRegistry(fromBinary(FileDescriptorSetSchema, readFileSync("service.bin")));
const transport = {
  connect: () => createConnectTransport({ baseUrl, httpVersion: "1.1" }),
  "connect-json": () => createConnectTransport({ baseUrl, httpVersion: "2", useBinaryFormat: false }),
  grpc: () => createGrpcTransport({ baseUrl }),
  "grpc-web": () => createGrpcWebTransport({ baseUrl, httpVersion: "1.1" }),
}[protocol]();
const client = createClient(files.getService("otterscale.application.v1.ApplicationService"), transport);

const saw = {};
const made = await client.createRelease({ namespace: "node", name, chartRef: "hello:1.0.0" });
Object.assign(saw, { revision: made.revision, chartName: made.chartName, chartRef: made.version.chartRef });
saw.listed = (await client.listReleases({})).releases.filter((r) => r.namespace === "node" && r.name === name).length;
try {
  await client.createRelease({ namespace: "node", name, chartRef: "hello:1.0.0" });
} catch (e) {
  saw.refusal = Code[ConnectError.from(e).code];
  saw.details = ConnectError.from(e).details.length;
}
console.log(JSON.stringify(saw));
process.exit(0); // connections of HTTP/2 stay open
