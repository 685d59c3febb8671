"""Walks with restnavigator: python restnavigator_walk.py ROOT RELEASE"""
import json
import sys

from restnavigator import Navigator

root, name = sys.argv[1:]
api = Navigator.hal(root)

search = api["packageMetadata"](size=5)["search"]
found = search["findByName"](name="demo")
metadata = found.embedded()["packageMetadata"][0]
installed = metadata["install"].create({"releaseName": name, "platformName": "default"})

status = api["release"]["status/name"](name=name)
info = {}
for _ in range(100):
    info = status.fetch()
    if info["status"]["statusCode"] == "DEPLOYED":
        break
history = api["releases"]()["search"][
    "findByNameIgnoreCaseContainingOrderByNameAscVersionDesc"
](name=name)
version = history.embedded()["releases"][0]

print(
    json.dumps(
        {
            "package": metadata()["name"],
            "status": info["status"]["statusCode"],
            "version": version()["version"],
            "description": info["description"],
            "installed": installed.status[0] == 201,
        }
    )
)
