"""Copies the files of one folder out of VMFS images with dissect.vmfs. In: {"images": [paths], "folder": name, "names": [...], "target": path}; out: JSON with all names of the folder."""

import json
import os
import sys

from dissect.vmfs import LVM, VMFS

task = json.load(sys.stdin)
lvm = LVM([open(path, "rb") for path in task["images"]])
fs = VMFS(lvm.volumes[0].open())
folder = fs.get("/" + task["folder"])
for name in task["names"]:
    source = fs.get("/" + task["folder"] + "/" + name).open()
    with open(os.path.join(task["target"], name), "wb") as target:
        while chunk := source.read(1 << 20):
            if chunk.count(0) == len(chunk):
                target.seek(len(chunk), os.SEEK_CUR)
            else:
                target.write(chunk)
        target.truncate(source.size)
listed = sorted(name for name in folder.listdir() if name not in (".", ".."))
json.dump({"uuid": str(fs.uuid), "label": fs.label, "listed": listed}, sys.stdout)
