"""Prints for each FORMAT FILE the SHA-256 and the length of what is in it, as Python's modules and python-snappy read it."""
import gzip
import hashlib
import io
import struct
import sys
import zipfile

import snappy
from snappy.snappy import hadoop_stream_decompress


def read(kind, path):
    if kind == "GZIP":
        with gzip.open(path) as file:
            return file.read()
    if kind == "ZIP":
        with zipfile.ZipFile(path) as archive:
            assert archive.testzip() is None and len(archive.namelist()) == 1
            return archive.read(archive.namelist()[0])
    with open(path, "rb") as file:
        if kind == "HADOOP_SNAPPY":
            out = io.BytesIO()
            hadoop_stream_decompress(file, out)
            return out.getvalue()
        # python-snappy has no reader of snappy-java's frames: they are opened here, and the blocks by it.
        assert file.read(16) == b"\x82SNAPPY\x00" + struct.pack(">ii", 1, 1)
        blocks = []
        while head := file.read(4):
            blocks.append(snappy.uncompress(file.read(struct.unpack(">i", head)[0])))
        return b"".join(blocks)


for kind, path in zip(sys.argv[1::2], sys.argv[2::2]):
    content = read(kind, path)
    print(hashlib.sha256(content).hexdigest(), len(content))
