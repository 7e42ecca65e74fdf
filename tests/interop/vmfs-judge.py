"""Reads files of VMFS images with dissect.vmfs. In: {"images": [paths], "ranges": [...], "names": [...], "link": path or null}; out: JSON."""

import hashlib
import json
import sys

from dissect.vmfs import LVM, VMFS

task = json.load(sys.stdin)
lvm = LVM([open(path, "rb") for path in task["images"]])
fs = VMFS(lvm.volumes[0].open())
answer = {"uuid": str(fs.uuid), "label": fs.label, "ranges": []}
for wanted in task["ranges"]:
    entry = fs.get("/" + wanted["path"])
    content = entry.open()
    content.seek(wanted["offset"])
    data = content.read(wanted["length"])
    answer["ranges"].append({"sizeBytes": entry.size, "sha256": hashlib.sha256(data).hexdigest()})
answer["missing"] = [name for name in task["names"] if not fs.get("/" + name)]
answer["listed"] = sorted(
    name for name in fs.get("/many").listdir() if name not in (".", "..")
)
answer["link"] = fs.get("/" + task["link"]).link if task["link"] else None
json.dump(answer, sys.stdout)
