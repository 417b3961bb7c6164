# SPDX-License-Identifier: Apache-2.0
# A compressed model by hand: docs/model-format.md. Writes example.safetensors, inputs example_x.npy and
# the outputs that EIE must give, example_y.npy, into the current folder.
import json, struct
import numpy as np
from scipy.sparse import csc_matrix

# One layer, 3 outputs x 4 inputs. A dense matrix of codes: 0 is "no weight", 1.. index the codebook.
codes = csc_matrix(np.array([[1, 0, 0, 2],
                             [0, 3, 0, 0],
                             [2, 0, 0, 1]], dtype=np.uint8))
codebook = np.zeros(16, dtype=np.int16)
codebook[1:4] = np.array([0.5, -0.25, 1.5]) * 2**10      # weight_frac 10
bias = np.array([0, 100, -100], dtype=np.int32)          # at weight_frac + input_frac = 18

# The model file.
tensors = {"layers.0.indptr": codes.indptr.astype("<i4"), "layers.0.indices": codes.indices.astype("<i4"),
           "layers.0.bias": bias.astype("<i4"), "layers.0.codebook": codebook.astype("<i2"),
           "layers.0.codes": codes.data}
header = {"__metadata__": {"format": "eie-model", "version": "1", "layers": "1", "input_frac": "8", "layers.0.rows": "3",
          "layers.0.cols": "4", "layers.0.shift": "10", "layers.0.relu": "1", "layers.0.weight_frac": "10"}}
data = b""
for name, t in tensors.items():
    dtype = {"int32": "I32", "int16": "I16", "uint8": "U8"}[t.dtype.name]
    header[name] = {"dtype": dtype, "shape": list(t.shape), "data_offsets": [len(data), len(data) + t.nbytes]}
    data += t.tobytes()
text = json.dumps(header).encode()
open("example.safetensors", "wb").write(struct.pack("<Q", len(text)) + text + data)

# Inputs (real values; `eie run` quantises them with input_frac) and what must come out.
x = np.array([[1, 0, 2, -1], [0.125, 3, 0, 0]], dtype=np.float32)
np.save("example_x.npy", x)
weights = codebook[codes.toarray()].astype(np.int64)
total = np.floor(x * 2**8 + 0.5).astype(np.int64) @ weights.T + bias
y = np.clip((total + (1 << 9)) >> 10, -32768, 32767)     # shift 10, round half up, clamp
np.save("example_y.npy", np.maximum(y, 0).astype("<i2"))  # ReLU
