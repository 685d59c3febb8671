// Walks with Ketting: node ketting_walk.mjs ROOT RELEASE
import { Ketting } from "ketting";

const [root, name] = process.argv.slice(2);
const client = new Ketting(root);
const api = client.go(root);

const found = await api
  .follow("packageMetadata", { size: 5 })
  .follow("search")
  .follow("findByName", { name: "demo" });
const [metadata] = await found.followAll("packageMetadata");
const install = await metadata.follow("install");
const installed = await install.post({
  data: { releaseName: name, platformName: "default" },
});

const status = await api.follow("release").follow("status/name", { name });
let info;
for (let i = 0; i < 100 && info?.status.statusCode !== "DEPLOYED"; i++) {
  info = (await status.refresh()).data;
}
const history = await api
  .follow("releases")
  .follow("search")
  .follow("findByNameIgnoreCaseContainingOrderByNameAscVersionDesc", { name });
const [version] = await history.followAll("releases");

console.log(
  JSON.stringify({
    package: (await metadata.get()).data.name,
    status: info.status.statusCode,
    version: (await version.get()).data.version,
    description: info.description,
    installed: installed.data?.version === 1,
  }),
);
