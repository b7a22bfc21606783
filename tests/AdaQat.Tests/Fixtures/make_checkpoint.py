"""Reads checkpoint-format-1.safetensors and writes what it finds to checkpoint-format-1.json.

The Python package `safetensors` reads the file where it is installed; else a reader below, which knows nothing of AdaQat and follows the
published format (https://github.com/huggingface/safetensors#format) with all the checks that the package makes. With the package both
must agree. The checkpoint itself is the first of its format and is never written again.

usage: python3 make_checkpoint.py
"""
import hashlib
import json
import pathlib
import struct

FOLDER = pathlib.Path(__file__).parent
CHECKPOINT = FOLDER / "checkpoint-format-1.safetensors"
DTYPES = {"F64": ("Float64", 8), "I64": ("Int64", 8), "F32": ("Float32", 4), "I32": ("Int32", 4), "F16": ("Float16", 2),
          "BF16": ("BFloat16", 2), "I16": ("Int16", 2), "I8": ("Int8", 1), "U8": ("Byte", 1), "BOOL": ("Bool", 1)}


def without_duplicates(pairs):
    assert len({key for key, _ in pairs}) == len(pairs), "a key occurs twice"
    return dict(pairs)


def read(data):
    """Names to (dtype, shape, bytes), in the order of the data."""
    length, = struct.unpack("<Q", data[:8])
    assert length <= 100_000_000 and 8 + length <= len(data), "the header ends behind the file"
    text = data[8:8 + length]
    assert text[:1] == b"{", "the header is no JSON object"
    header = json.loads(text.decode("utf-8"), object_pairs_hook=without_duplicates)
    metadata = header.pop("__metadata__", {})
    assert all(isinstance(value, str) for value in metadata.values()), "metadata are text"
    body, end, tensors = data[8 + length:], 0, {}
    for name, entry in sorted(header.items(), key=lambda item: tuple(item[1]["data_offsets"])):
        begin, stop = entry["data_offsets"]
        size = DTYPES[entry["dtype"]][1]
        for extent in entry["shape"]:
            size *= extent
        assert begin == end and stop - begin == size, f"{name} has a gap before it or another size than its shape"
        tensors[name] = (entry["dtype"], entry["shape"], body[begin:stop])
        end = stop
    assert end == len(body), "bytes are left over"
    return tensors


def read_with_package(path):
    """Names to (shape, bytes)."""
    import torch
    from safetensors import safe_open
    with safe_open(path, framework="pt") as file:
        tensors = {name: file.get_tensor(name) for name in file.keys()}
    return {name: (list(tensor.shape), tensor.contiguous().view(-1).view(torch.uint8).numpy().tobytes()) for name, tensor in tensors.items()}


tensors = read(CHECKPOINT.read_bytes())
try:
    for name, (shape, raw) in read_with_package(CHECKPOINT).items():
        assert (shape, raw) == (tensors[name][1], tensors[name][2]), name
    print("the package safetensors agrees")
except ImportError:
    print("the package safetensors is not installed; read by the reader in this file alone")

(FOLDER / "checkpoint-format-1.json").write_text(json.dumps(
    {name: {"type": DTYPES[dtype][0], "shape": shape, "sha256": hashlib.sha256(raw).hexdigest()} for name, (dtype, shape, raw) in tensors.items()},
    indent=1) + "\n")
