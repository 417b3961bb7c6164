# SPDX-License-Identifier: Apache-2.0
# Models and inputs of the small vector sets (vectors/corners-tiny, vectors/corners-pe4): layers that reach the
# corners of encoding, arithmetic and tiling. Writes corners-NAME.safetensors and corners-NAME.npy into the
# folder given. The same bytes everywhere: its own random numbers, no library beside Python's own.
import json, struct, sys


class Random:  # xorshift64*
    def __init__(self, seed):
        self.state = seed

    def below(self, n):
        x = self.state
        x ^= x >> 12
        x ^= x << 25 & (1 << 64) - 1
        x ^= x >> 27
        self.state = x
        return (x * 0x2545F4914F6CDD1D >> 32 & 0xFFFFFFFF) * n >> 32


def layer(rng, rows, cols, percent, shift, relu, codebook, empty_columns=(), empty_rows=(), sparse_columns=(),
          full_row=None, bias=lambda rng, r: rng.below(4000) - 2000):
    """Weights by chance; `sparse_columns` have one weight, all in the same row, `full_row` has all of its own."""
    indptr, indices, codes = [0], [], []
    for c in range(cols):
        for r in range(rows):
            here = rng.below(100) < percent
            if c in empty_columns or r in empty_rows:
                here = False
            if c in sparse_columns:
                here = r == rows - 1
            if r == full_row and c not in empty_columns:
                here = True
            if here:
                indices.append(r)
                codes.append(1 + rng.below(len(codebook) - 1))
        indptr.append(len(indices))
    return dict(rows=rows, cols=cols, shift=shift, relu=relu, indptr=indptr, indices=indices, codes=codes,
                codebook=codebook + [0] * (16 - len(codebook)), bias=[bias(rng, r) for r in range(rows)])


def write_model(path, input_frac, layers):
    meta = {"format": "eie-model", "version": "1", "layers": str(len(layers)), "input_frac": str(input_frac)}
    header, data = {"__metadata__": meta}, b""
    for k, l in enumerate(layers):
        name = "layers.%d." % k
        for key in ("rows", "cols", "shift", "relu"):
            meta[name + key] = str(l[key])
        meta[name + "weight_frac"] = str(l["shift"])  # every layer's output has the fraction of its input
        for key, dtype, code in (("indptr", "I32", "i"), ("indices", "I32", "i"), ("bias", "I32", "i"),
                                 ("codebook", "I16", "h"), ("codes", "U8", "B")):
            raw = struct.pack("<%d%s" % (len(l[key]), code), *l[key])
            header[name + key] = {"dtype": dtype, "shape": [len(l[key])], "data_offsets": [len(data), len(data) + len(raw)]}
            data += raw
    text = json.dumps(header).encode()
    with open(path, "wb") as f:
        f.write(struct.pack("<Q", len(text)) + text + data)


def write_inputs(path, vectors):
    text = "{'descr': '<i2', 'fortran_order': False, 'shape': (%d, %d), }" % (len(vectors), len(vectors[0]))
    text += " " * (63 - (10 + len(text)) % 64) + "\n"
    with open(path, "wb") as f:
        f.write(b"\x93NUMPY\x01\x00" + struct.pack("<H", len(text)) + text.encode())
        for v in vectors:
            f.write(struct.pack("<%dh" % len(v), *v))


def inputs(rng, cols):
    """Nothing; everything, of both signs; half of it; the largest values there are."""
    some = [rng.below(2) * (rng.below(2000) - 1000) for _ in range(cols)]
    return [[0] * cols, [rng.below(600) * 2 - 599 for _ in range(cols)], some,
            [32767 if rng.below(2) else -32768 for _ in range(cols)]]


small = [0, 1, -1, 5, -7, 12, -20, 33, 64, -100]
large = [0, 32767, -32768, 16384, -16384, 1, 300]


def extreme_bias(rng, r):
    return (2**31 - 1, -2**31, 0, 12345)[r % 4]


def tiny(rng):
    # 2 PEs of 4 rows, 4 activation slots: tiles of rows and of columns, one load for nearly each pass. Places
    # without a row, an empty column on a tile's edge, the same accumulator hit by columns in a row.
    return [layer(rng, 15, 11, 45, 4, 1, small, empty_columns=(4, 7), empty_rows=(6,), sparse_columns=(8, 9)),
            layer(rng, 5, 15, 60, 0, 0, small, full_row=2),
            layer(rng, 6, 5, 80, 12, 0, large, bias=extreme_bias)]


def pe4(rng):
    # One load. Gaps longer than a run (padding entries), a row of all columns, empty columns side by side,
    # sums that overflow 32 bits, outputs clamped on both sides, no ReLU, shift 0 and 31.
    return [layer(rng, 530, 21, 1, 6, 0, small, empty_columns=(3, 4, 5, 6, 20), sparse_columns=(10, 11, 12, 13, 14)),
            layer(rng, 34, 530, 6, 3, 1, small, empty_rows=(0, 33), full_row=8),
            layer(rng, 13, 34, 50, 0, 0, large, bias=extreme_bias),
            layer(rng, 6, 13, 70, 31, 0, large)]


for seed, name, make in ((1, "tiny", tiny), (2, "pe4", pe4)):
    rng = Random(seed)
    layers = make(rng)
    write_model("%s/corners-%s.safetensors" % (sys.argv[1], name), 8, layers)
    write_inputs("%s/corners-%s.npy" % (sys.argv[1], name), inputs(rng, layers[0]["cols"]))
